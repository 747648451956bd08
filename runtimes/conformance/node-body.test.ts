// The convention of a function body (runtimes/node/conventions.md): how it is called, how it ends, what its
// errors look like, and what it finds on `global`. Every run is a fork, as such functions are run.
import assert from 'node:assert/strict';
import path from 'node:path';
import { type StartRuntime, testOnEngines } from './engines.ts';
import { type ErrorObject, handlersFolder, type Outcome, type RuntimeProcess } from './runtime-process.ts';

const settings = {
  reuse: 'none',
  convention: 'body',
  taskRoot: path.join(handlersFolder, 'body'),
  globals: { store: { Read: 'values.read', Write: 'values.write' } },
} as const;

const CONTEXT = { function: { id: 'F1' }, dependencies: {} };

function startBody(start: StartRuntime, file: string): Promise<RuntimeProcess> {
  return start(file, settings);
}

function invokeBody(runtime: RuntimeProcess, data?: unknown): Buffer {
  return runtime.invoke({ event: { data }, context: CONTEXT });
}

async function runBody(runtime: RuntimeProcess, data?: unknown): Promise<Outcome> {
  const outcome = await runtime.outcome(invokeBody(runtime, data));
  assert.ok(outcome !== null, `no outcome; stderr: ${runtime.stderr}`);
  return outcome;
}

async function runOnce(start: StartRuntime, file: string, data?: unknown): Promise<Outcome> {
  return runBody(await startBody(start, file), data);
}

const responses: [file: string, data: unknown, response: unknown][] = [
  ['hoisted-declarations.js', 'given', ['not yet', 4, 'given', 'F1']],
  ['early-return.js', 'early', 'early'],
  ['early-return.js', 'x', 'late'],
  ['async-arrow.js', null, { async: true }],
  ['calls-back-twice.js', null, 'first'],
  ['throws-after-callback.js', null, 'kept'],
  ['throws-later-after-callback.js', null, 'kept'],
  ['returns-promise.js', null, 'by callback'],
  ['timer-outlives-callback.js', null, 'done'],
  ['socket-outlives-callback.js', null, 'done'],
  ['responds.js', 'string', 'OK'],
  ['responds.js', 'number', 3],
  ['responds.js', 'list', [1, { a: null }]],
  ['responds.js', 'object', { a: { b: 1 } }],
  ['responds.js', 'nothing', null],
  ['responds.js', 'null', null],
  ['responds.js', 'date', '1970-01-01T00:00:00.000Z'],
  ['responds.js', 'buffer', { type: 'Buffer', data: [97] }],
  ['responds.js', 'json', { statusCode: 200 }],
  ['responds-with-http-response.js', 'toJSON', { statusCode: 200 }],
  ['looks-around.js', null, [3, 'undefined', 'undefined', 'undefined', true, 'function']],
];

for (const [file, data, response] of responses) {
  testOnEngines(
    `${file} with ${JSON.stringify(data)} responds ${JSON.stringify(response)}`,
    async (start) => {
      const outcome = await runOnce(start, file, data);
      assert.deepEqual({ ok: outcome.ok, body: outcome.body }, { ok: true, body: response });
    },
  );
}

const errors: [file: string, data: unknown, errorType: string, errorMessage: string | RegExp][] = [
  ['never-calls-back.js', null, 'Function.NoCallback', /^callback was never called: /],
  ['calls-back-for-each-of-none.js', null, 'Function.NoCallback', /^callback was never called: /],
  ['returns-value.js', null, 'Function.NoCallback', /^callback was never called: /],
  ['throws-sync.js', null, 'RangeError', 'too far'],
  ['throws-in-async-callback.js', null, 'TypeError', /^Cannot read properties of null/],
  ['rejects-unhandled.js', null, 'TypeError', 'nobody listens'],
  ['async-arrow-rejects.js', null, 'TypeError', 'in the arrow'],
  ['calls-back-with-error.js', 'string', 'string', 'Something went wrong.'],
  ['calls-back-with-error.js', 'empty', 'string', ''],
  ['calls-back-with-error.js', 'error', 'TypeError', 'no such sale'],
  ['calls-back-with-error.js', 'object', 'object', '{"code":404,"message":"no such sale"}'],
  ['calls-back-with-error.js', 'list', 'object', '["a",1]'],
  ['calls-back-with-error.js', 'number', 'number', '7'],
  ['calls-back-with-error.js', 'boolean', 'boolean', 'false'],
  ['calls-back-with-error.js', 'circular', 'object', /name: 'me', self: \[Circular/],
  ['calls-back-with-error.js', 'json', 'object', '{"shown":true}'],
  ['calls-back-with-error.js', 'throwing', 'object', /toJSON/],
  [
    'responds-with-http-response.js',
    null,
    'Function.UnserializableResponse',
    /can't be written as JSON: .*circular/,
  ],
  ['requires.js', null, 'Error', /^require is not available here: .* global\['axios'\]/],
  ['imports.js', null, 'TypeError', /^import\(\) is not available here: .*global\['name'\]/],
  ['imports-unhandled.js', null, 'TypeError', /^import\(\) is not available here: /],
  ['no-such-file.js', null, 'Runtime.ImportModuleError', /there is no file no-such-file\.js$/],
];

for (const [file, data, errorType, errorMessage] of errors) {
  testOnEngines(`${file} with ${JSON.stringify(data)} fails with ${errorType}`, async (start) => {
    const outcome = await runOnce(start, file, data);
    const error = outcome.body as ErrorObject;
    assert.deepEqual([outcome.ok, error.errorType], [false, errorType], JSON.stringify(outcome.body));
    if (typeof errorMessage === 'string') assert.equal(error.errorMessage, errorMessage);
    else assert.match(error.errorMessage, errorMessage);
  });
}

const places: [file: string, message: RegExp, place: string][] = [
  ['throws-sync.js', /too far/, 'function.js:3:11'],
  ['throws-in-async-callback.js', /null/, 'function.js:2:8'],
  ['async-arrow-rejects.js', /arrow/, 'function.js:1:34'],
  ['syntax-error.js', /^SyntaxError: Unexpected token '\*' \(syntax-error\.js:2:13\)$/, 'function.js:2:13'],
  [
    'top-level-await.js',
    /^SyntaxError: await is only valid in async functions.*\(top-level-await\.js:1:16\)$/,
    'function.js:1:16',
  ],
];

for (const [file, message, place] of places) {
  testOnEngines(`the place of the error in ${file} is the author's own`, async (start) => {
    const { errorMessage, trace } = (await runOnce(start, file)).body as ErrorObject;
    assert.match(errorMessage, message);
    const own = place.replace('function.js', file);
    assert.match(trace[1] ?? '', new RegExp(`\\b${own.replaceAll('.', '\\.')}\\)?$`), trace.join('\n'));
    assert.doesNotMatch(trace.join('\n'), /runtimes\/node\//);
  });
}

testOnEngines('what is printed in the turn of the callback is in the log', async (start) => {
  const runtime = await startBody(start, 'prints-after-callback.js');
  const { head } = await runBody(runtime);
  await runtime.ready();
  const printed = await runtime.stdoutUpTo(head.stdoutBytes);
  assert.match(printed, /printed in the same turn\n[\s\S]*printed by a promise\n$/);
  assert.doesNotMatch(runtime.stdout, /never printed/);
});

testOnEngines('nothing of a run is left for the next one', async (start) => {
  const runtime = await startBody(start, 'leaves.js');
  for (let i = 0; i < 3; i++) {
    assert.deepEqual((await runBody(runtime)).body, [1, 'x', 'yes']);
    assert.equal((await runtime.ready()).exitCode, 0);
  }
});

testOnEngines('a timer and a socket that outlive the callback end with the run', async (start) => {
  for (const file of ['timer-outlives-callback.js', 'socket-outlives-callback.js']) {
    const runtime = await startBody(start, file);
    for (let i = 0; i < 2; i++) {
      await runBody(runtime);
      assert.equal((await runtime.ready()).exitCode, 0);
    }
    assert.doesNotMatch(runtime.stdout, /tick/);
  }
});

testOnEngines('process.exit ends the run without an outcome', async (start) => {
  const runtime = await startBody(start, 'exits.js');
  invokeBody(runtime);
  assert.equal((await runtime.ready()).exitCode, 3);
});

testOnEngines(
  'packages are on global, imported ones too, and one that fails says so when it is used',
  async (start) => {
    const { body } = await runOnce(start, 'uses-packages.js');
    const { dependencies, missing, ...found } = body as Record<string, string> & { dependencies: object };
    assert.deepEqual(found, {
      common: ['called', 'member'],
      esmDefault: ['client', 'function', true],
      esmNamed: 'an id',
      scoped: 'function',
      conditional: 'require',
      throws: "the package throws can't be loaded: broken while loading",
      process: 'function',
    });
    assert.match(missing ?? '', /^the package missing can't be loaded: Cannot find module 'missing'/);
    assert.deepEqual(dependencies, {
      ...{ common: '1.2.3', 'esm-default': '2.0.0', 'esm-named': '3.0.0', throws: '1.0.0' },
      ...{ missing: '', process: '1.0.0', '@scope/inside': '4.0.0', conditional: '5.0.0' },
    });
  },
);

testOnEngines('a package that never finishes loading holds up no other', async (start) => {
  const taskRoot = path.join(handlersFolder, 'never-loads');
  const error = (await runBody(await start('function.js', { ...settings, taskRoot }))).body as ErrorObject;
  assert.equal(error.errorMessage, "the package never-loads can't be loaded: it never finished loading");
});

testOnEngines('a list of dependencies that the event brings is left as it is', async (start) => {
  const runtime = await startBody(start, 'uses-packages.js');
  const context = { dependencies: { told: '1' } };
  const outcome = await runtime.outcome(runtime.invoke({ event: {}, context }));
  const { dependencies } = (outcome as Outcome).body as { dependencies: object };
  assert.deepEqual(dependencies, { told: '1' });
});

testOnEngines('where processes are reused the convention is the same', async (start) => {
  const runtime = await start('calls-back-twice.js', { ...settings, reuse: 'warm' });
  for (let i = 0; i < 2; i++) assert.equal((await runBody(runtime)).body, 'first');
});

testOnEngines('a syntax error is told at once where processes are reused', async (start) => {
  await assert.rejects(
    start('syntax-error.js', { ...settings, reuse: 'warm' }),
    /Runtime\.UserCodeSyntaxError/,
  );
});
