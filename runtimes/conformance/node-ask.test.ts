// Questions of the user's code to the server (contract/frames.cjs, ASK and REPLY), in forked children and in
// reused processes.
import assert from 'node:assert/strict';
import path from 'node:path';
import { FRAME, MOST_ASKS_IN_FLIGHT } from '../../contract/frames.cjs';
import { type StartRuntime, testOnEngines } from './engines.ts';
import { type ErrorObject, handlersFolder, type Question, type RuntimeProcess } from './runtime-process.ts';

const settings = {
  convention: 'body',
  taskRoot: path.join(handlersFolder, 'body'),
  globals: { store: { Read: 'values.read', Write: 'values.write' } },
} as const;

async function startAsking(
  start: StartRuntime,
  file: string,
  reuse: 'none' | 'warm' = 'none',
): Promise<RuntimeProcess> {
  return start(file, { ...settings, reuse });
}

function invoke(runtime: RuntimeProcess, data?: unknown): Buffer {
  return runtime.invoke({ event: { data }, context: {} });
}

for (const reuse of ['none', 'warm'] as const) {
  testOnEngines(`answers reach their callbacks, run after run (reuse: ${reuse})`, async (start) => {
    const runtime = await startAsking(start, 'asks.js', reuse);
    for (const value of ['one', 'two']) {
      const nonce = invoke(runtime);
      const read = await runtime.question(nonce);
      assert.deepEqual([read.name, read.args], ['values.read', ['my_key']]);
      runtime.reply(nonce, read.id, { key: 'my_key', value });
      const write = await runtime.question(nonce);
      assert.deepEqual([write.name, write.args], ['values.write', ['my_key', `${value}!`]]);
      runtime.reply(nonce, write.id, { key: 'my_key', value: `${value}!` });
      assert.deepEqual((await runtime.outcome(nonce))?.body, { key: 'my_key', value: `${value}!` });
      if (reuse === 'none') await runtime.ready();
    }
  });
}

testOnEngines('a refusal is an error with its code', async (start) => {
  const runtime = await startAsking(start, 'asks.js');
  const nonce = invoke(runtime);
  const { id } = await runtime.question(nonce);
  runtime.refuse(nonce, id, { code: 'not_found', message: 'there is no key value my_key' });
  const error = (await runtime.outcome(nonce))?.body as ErrorObject;
  assert.deepEqual([error.errorType, error.errorMessage], ['Error', 'there is no key value my_key']);
});

testOnEngines('without a callback a promise is returned', async (start) => {
  const runtime = await startAsking(start, 'asks-without-callback.js');
  const nonce = invoke(runtime);
  runtime.reply(nonce, (await runtime.question(nonce)).id, { value: 1 });
  assert.deepEqual((await runtime.outcome(nonce))?.body, { value: 1 });
});

testOnEngines('no more than a few questions are in flight, and the others follow', async (start) => {
  const runtime = await startAsking(start, 'asks-many.js');
  const nonce = invoke(runtime, 20);
  const waiting: Question[] = [];
  for (let i = 0; i < MOST_ASKS_IN_FLIGHT; i++) waiting.push(await runtime.question(nonce));
  for (let answered = 0; answered < 20; answered++) {
    assert.equal(runtime.frameCount, 0);
    const next = waiting.shift();
    assert.equal(next?.args[0], `key_${answered}`);
    runtime.reply(nonce, next.id, answered);
    if (answered < 20 - MOST_ASKS_IN_FLIGHT) waiting.push(await runtime.question(nonce));
  }
  assert.deepEqual((await runtime.outcome(nonce))?.body, [...Array(20).keys()]);
});

const refused: [file: string, errorType: string, message: RegExp][] = [
  ['asks-too-much.js', 'Error', /^the arguments are larger than 6291456 bytes/],
  ['asks-with-circular.js', 'TypeError', /circular/],
];

for (const [file, errorType, message] of refused) {
  testOnEngines(`${file} is refused before it is sent`, async (start) => {
    const runtime = await startAsking(start, file);
    const error = (await runtime.outcome(invoke(runtime)))?.body as ErrorObject;
    assert.equal(error.errorType, errorType);
    assert.match(error.errorMessage, message);
  });
}

testOnEngines('what a callback throws is the run’s error', async (start) => {
  const runtime = await startAsking(start, 'throws-in-ask-callback.js');
  const nonce = invoke(runtime);
  runtime.reply(nonce, (await runtime.question(nonce)).id, 1);
  const error = (await runtime.outcome(nonce))?.body as ErrorObject;
  assert.deepEqual([error.errorType, error.errorMessage], ['TypeError', 'in the callback']);
  assert.match(error.trace[1] ?? '', /throws-in-ask-callback\.js:2:9/);
});

testOnEngines('an answer that comes after its run reaches nobody', async (start) => {
  const runtime = await startAsking(start, 'calls-back-before-answer.js', 'warm');
  const first = invoke(runtime);
  const { id } = await runtime.question(first);
  assert.equal((await runtime.outcome(first))?.body, 'done');
  const second = invoke(runtime);
  await runtime.question(second);
  runtime.reply(first, id, 1);
  assert.equal((await runtime.outcome(second))?.body, 'done');
  runtime.send(FRAME.REPLY, first, Buffer.from([2, 0, 0, 0, 123, 125]));
  const third = invoke(runtime);
  await runtime.question(third);
  assert.equal((await runtime.outcome(third))?.body, 'done');
  assert.doesNotMatch(runtime.stdout, /answered too late/);
});
