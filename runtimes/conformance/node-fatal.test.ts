// How a Node process ends when nobody catches an error or the user's code exits (docs/specs/lambda.md section
// 4).
import assert from 'node:assert/strict';
import { testOnEngines } from './engines.ts';
import type { ErrorObject } from './runtime-process.ts';

const fatal: [handler: string, event: unknown, status: number, errorType: string, errorMessage: string][] = [
  ['uncaught-later.handler', null, 129, 'RangeError', 'later'],
  ['uncaught-later.handler', 'held', 129, 'RangeError', 'later'],
  ['uncaught-undefined.handler', null, 129, 'string', 'handled'],
  ['exit-listener-runs.handler', null, 129, 'Error', 'with listener'],
  ['rejects-unhandled.handler', null, 128, 'Runtime.UnhandledPromiseRejection', 'TypeError: nobody listens'],
  ['rejects-unhandled.handler', 'string', 128, 'Runtime.UnhandledPromiseRejection', 'text'],
];

for (const [handler, event, status, errorType, errorMessage] of fatal) {
  testOnEngines(
    `${handler} with ${JSON.stringify(event)} fails its run and exits ${status}`,
    async (start) => {
      const runtime = await start(handler);
      const outcome = await runtime.run(event);
      const error = outcome.body as ErrorObject;
      assert.deepEqual({ ...error, trace: [] }, { errorType, errorMessage, trace: [] });
      assert.equal(outcome.head.fatal, true);
      assert.deepEqual(await runtime.exited, { code: status, signal: null });
      const printed = runtime.stdout.slice(0, outcome.head.stdoutBytes);
      assert.match(printed, /\trun-1\tERROR\t(Uncaught Exception|Unhandled Promise Rejection) \t\{.*\}\n$/);
    },
  );
}

testOnEngines('the trace of an unhandled rejection names where its reason was made', async (start) => {
  const runtime = await start('rejects-unhandled.handler');
  const { trace } = (await runtime.run()).body as ErrorObject;
  assert.equal(trace[0], 'Runtime.UnhandledPromiseRejection: TypeError: nobody listens');
  assert.match(trace.join('\n'), /handlers\/rejects-unhandled\.js:2:/);
});

testOnEngines('exit listeners of the user’s code run', async (start) => {
  const runtime = await start('exit-listener-runs.handler');
  await runtime.run();
  await runtime.exited;
  assert.match(runtime.stdout, /\tINFO\texit listener ran\n$/);
});

testOnEngines('an uncaught error between runs exits 129 without a frame', async (start) => {
  const runtime = await start('uncaught-between-runs.handler');
  assert.equal((await runtime.run()).body, 'fine');
  assert.equal(await runtime.nextFrame(), null);
  assert.equal((await runtime.exited).code, 129);
  assert.match(runtime.stdout, /\trun-1\tERROR\tUncaught Exception \t\{/);
});

testOnEngines(
  'process.exit of the user’s code ends the process with its status and no frame',
  async (start) => {
    for (const status of [0, 7]) {
      const runtime = await start('process-exit.handler');
      assert.equal(await runtime.outcome(runtime.invoke(status)), null);
      assert.deepEqual(await runtime.exited, { code: status, signal: null });
      assert.match(runtime.stdout, /\tINFO\tleaving\n$/);
    }
  },
);
