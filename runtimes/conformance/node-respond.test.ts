// The convention of handlers that answer by sendResponse (runtimes/node/conventions.md): what counts as the
// response, how it is normalised, what is done after it, and how a run without one ends.
import assert from 'node:assert/strict';
import path from 'node:path';
import { FRAME } from '../../contract/frames.cjs';
import { type StartRuntime, testOnEngines } from './engines.ts';
import { type ErrorObject, handlersFolder, type Outcome, type RuntimeProcess } from './runtime-process.ts';

const settings = { convention: 'respond', taskRoot: path.join(handlersFolder, 'respond') } as const;

function startHandler(start: StartRuntime, file: string): Promise<RuntimeProcess> {
  return start(`${file}.main`, settings);
}

async function runOnce(start: StartRuntime, file: string, context: unknown = {}): Promise<Outcome> {
  return (await startHandler(start, file)).run(context);
}

/** What a response has that says nothing. */
const USUAL = {
  statusCode: 200,
  headers: {},
  multiValueHeaders: {},
  body: '',
  bodyType: 'none',
  isBase64: false,
};

const responses: [kind: string, response: Partial<typeof USUAL> & Record<string, unknown>][] = [
  ['text', { body: 'text', bodyType: 'text' }],
  ['object', { body: '{"a":1}', bodyType: 'json' }],
  ['list', { body: '[1]', bodyType: 'json' }],
  ['number', { body: '42', bodyType: 'json' }],
  ['zero', { body: '0', bodyType: 'json' }],
  ['false', { body: 'false', bodyType: 'json' }],
  ['buffer', { body: 'AP8=', bodyType: 'bytes', isBase64: true }],
  ['typed', { body: 'AQI=', bodyType: 'bytes', isBase64: true }],
  ['arrayBuffer', { body: 'AP8=', bodyType: 'bytes', isBase64: true }],
  ['sharedBuffer', { body: 'AAA=', bodyType: 'bytes', isBase64: true }],
  ['view', { body: 'AQI=', bodyType: 'bytes', isBase64: true }],
  ['wide', { body: 'AQI=', bodyType: 'bytes', isBase64: true }],
  ['bytesAlone', { body: 'AQI=', bodyType: 'bytes', isBase64: true }],
  ['errorWithMembers', { body: '{"code":"E"}', bodyType: 'json' }],
  ['instance', { body: '{"x":1}', bodyType: 'json' }],
  ['empty', { body: '{}', bodyType: 'json' }],
  ['noPrototype', { body: '{}', bodyType: 'json' }],
  ['base64', { body: 'AQI=', bodyType: 'text', isBase64: true }],
  ['digits', { statusCode: 201, bodyType: 'text' }],
  ['noBody', { statusCode: 204 }],
  ['noStatus', { body: 'x', bodyType: 'text' }],
  ['nothing', {}],
  ['null', {}],
  ['onlyText', { body: 'just text', bodyType: 'text' }],
  ['plainObject', { body: '{"hello":"world"}', bodyType: 'json' }],
  ['redirect', { statusCode: 301, headers: { location: '/there' } }],
  ['numbersInHeaders', { headers: { 'x-n': '5', 'x-b': 'true' } }],
  ['listInHeaders', { multiValueHeaders: { 'x-list': ['a', 'b'] } }],
  ['multi', { headers: { 'x-b': 'kept', 'x-one': 'only' }, multiValueHeaders: { 'x-a': ['1', '2'] } }],
  ['cookie', { body: 'x', bodyType: 'text', headers: { 'set-cookie': 'a=1' } }],
  ['cookies', { multiValueHeaders: { 'set-cookie': ['c=3', 'd=4', 'a=1', 'b=2'] } }],
  ['toJSON', { body: '{"shown":true}', bodyType: 'json' }],
];

testOnEngines('what is given to sendResponse becomes one shape', async (start) => {
  const runtime = await startHandler(start, 'responses');
  for (const [kind, response] of responses) {
    const outcome = await runtime.run({ kind });
    assert.deepEqual(outcome.body, { ...USUAL, ...response }, kind);
    await idleOf(runtime);
  }
});

const malformed: [kind: string, errorType: string, message: RegExp][] = [
  ['badStatus', 'Function.MalformedResponse', /^statusCode must be a number from 200 to 599, not 'fine'$/],
  ['farStatus', 'Function.MalformedResponse', /not 99$/],
  ['nanStatus', 'Function.MalformedResponse', /not NaN$/],
  ['badHeaders', 'Function.MalformedResponse', /^headers must be an object, not 'x'$/],
  ['badHeader', 'Function.MalformedResponse', /^headers\['a'\] must be text, not an object$/],
  ['circular', 'Function.UnserializableResponse', /circular/],
  ['bigint', 'Function.UnserializableResponse', /BigInt/],
  ['function', 'Function.MalformedResponse', /^body must be text/],
  ['promise', 'Function.MalformedResponse', /not a promise: is an await missing\?$/],
  ['promiseAlone', 'Function.MalformedResponse', /not a promise: is an await missing\?$/],
  ['thenable', 'Function.MalformedResponse', /not a promise/],
  ['blob', 'Function.MalformedResponse', /^body must be text, bytes or .*, not an object of class Blob$/],
  ['stream', 'Function.MalformedResponse', /not an object of class PassThrough$/],
  ['webStream', 'Function.MalformedResponse', /not an object of class ReadableStream$/],
  ['map', 'Function.MalformedResponse', /not an object of class Map$/],
  ['error', 'Function.MalformedResponse', /not an object of class TypeError$/],
];

testOnEngines('a response that is none fails its run with what is wrong', async (start) => {
  const runtime = await startHandler(start, 'responses');
  for (const [kind, errorType, message] of malformed) {
    const outcome = await runtime.run({ kind });
    const error = outcome.body as ErrorObject;
    assert.deepEqual([outcome.ok, error.errorType], [false, errorType], kind);
    assert.match(error.errorMessage, message);
  }
});

const results: [file: string, statusCode: number, body: string][] = [
  ['requires-local-file', 200, 'ab'],
  ['responds-twice', 200, 'first'],
  ['throws-after-response', 200, 'kept'],
  ['rejects-after-response', 200, 'kept'],
  ['returns-response', 202, 'returned'],
  ['returns-plain-object', 200, '{"hello":"world"}'],
  ['returns-response-although-it-could-send', 202, 'returned'],
  ['returns-text-although-it-could-send', 200, 'text'],
  ['returns-timer-and-sends', 200, 'sent'],
  ['returns-promise-of-other-and-sends', 200, 'sent'],
  ['reads-environment-while-loading', 200, '["hello","hello"]'],
];

for (const [file, statusCode, body] of results) {
  testOnEngines(`${file} answers ${statusCode} ${body}`, async (start) => {
    const outcome = await runOnce(start, file);
    const response = outcome.body as typeof USUAL;
    assert.deepEqual([outcome.ok, response.statusCode, response.body], [true, statusCode, body]);
  });
}

const errors: [file: string, errorType: string, message: RegExp][] = [
  ['never-responds', 'Function.NoResponse', /^sendResponse was never called and nothing was returned/],
  ['async-never-responds', 'Function.NoResponse', /^sendResponse was never called/],
  ['never-settles', 'Function.NoResponse', /^sendResponse was never called/],
  ['throws-sync', 'RangeError', /^too far$/],
  ['rejects-with-text', 'string', /^just text$/],
  ['rejects-with-object', 'object', /^\{"status":404\}$/],
  ['throws-later', 'TypeError', /^later$/],
  ['rejects-unhandled', 'TypeError', /^nobody listens$/],
];

for (const [file, errorType, message] of errors) {
  testOnEngines(`${file} fails with ${errorType}`, async (start) => {
    const outcome = await runOnce(start, file);
    const error = outcome.body as ErrorObject;
    assert.deepEqual([outcome.ok, error.errorType], [false, errorType]);
    assert.match(error.errorMessage, message);
  });
}

testOnEngines('a file without main is refused when it is loaded', async (start) => {
  await assert.rejects(startHandler(start, 'no-main'), /Runtime\.HandlerNotFound/);
});

testOnEngines('the context arrives as it was sent', async (start) => {
  const context = { accountId: 5, params: { a: ['1', '2'] }, body: { x: [null] }, headers: null };
  const { body } = (await runOnce(start, 'echoes-context', context)).body as typeof USUAL;
  assert.deepEqual(JSON.parse(body), context);
});

testOnEngines('headers are found by any spelling and listed in lower case', async (start) => {
  const headers = { 'content-type': 'text/plain', host: 'example.com', 'x-thing': '1' };
  const { body } = (await runOnce(start, 'looks-at-headers', { headers })).body as typeof USUAL;
  assert.deepEqual(JSON.parse(body), [
    ...['text/plain', 'text/plain', 'example.com', null, true, true, Object.keys(headers)],
    ...[JSON.stringify(headers), 'example.com', true, '[object Object]'],
  ]);
});

/** Waits for the frame that says that nothing is left of the run. */
async function idleOf(runtime: RuntimeProcess): Promise<void> {
  const frame = await runtime.nextFrame();
  assert.equal(frame?.type, FRAME.IDLE);
}

testOnEngines(
  'what is still done after the response is done, and then the runtime says so',
  async (start) => {
    const runtime = await startHandler(start, 'works-after-response');
    for (let i = 0; i < 2; i++) {
      const outcome = await runtime.run({ afterMs: 30 });
      assert.equal(outcome.head.lingers, true);
      assert.doesNotMatch(
        await runtime.stdoutUpTo(outcome.head.stdoutBytes),
        new RegExp(`run-${i + 1}\tINFO\tdone`),
      );
      await idleOf(runtime);
      assert.match(runtime.stdout, new RegExp(`\\trun-${i + 1}\\tINFO\\tdone after the response\\n$`));
    }
  },
);

testOnEngines('the work of a forked run goes on until its event loop is empty', async (start) => {
  const runtime = await start('works-after-response.main', { ...settings, reuse: 'none' });
  for (let i = 1; i <= 2; i++) {
    assert.equal((await runtime.run({ afterMs: 30 })).head.lingers, true);
    assert.equal((await runtime.ready()).exitCode, 0);
    assert.match(runtime.stdout, new RegExp(`\\trun-${i}\\tINFO\\tdone after the response\\n$`));
  }
});

testOnEngines('a run may begin while the one before is still at work', async (start) => {
  const runtime = await startHandler(start, 'never-idle-after-response');
  for (let runs = 1; runs <= 3; runs++) {
    const outcome = await runtime.run({});
    assert.equal((outcome.body as typeof USUAL).body, JSON.stringify({ runs }));
  }
  assert.equal(runtime.frameCount, 0);
});

testOnEngines('what is thrown after the response is printed and ends the process', async (start) => {
  const runtime = await startHandler(start, 'throws-long-after-response');
  assert.equal((await runtime.run({})).ok, true);
  assert.equal(await runtime.nextFrame(), null);
  assert.equal((await runtime.exited).code, 129);
  assert.match(runtime.stdout, /\trun-1\tERROR\tUncaught Exception \t\{.*long after/);
});

testOnEngines('an error behind the response is printed', async (start) => {
  for (const file of ['throws-after-response', 'rejects-after-response']) {
    const runtime = await startHandler(start, file);
    assert.equal((await runtime.run({})).ok, true);
    await runtime.stdoutMatching(/\trun-1\tERROR\tInvoke Error \t\{.*after the response/);
  }
});

testOnEngines('module state survives to the next run', async (start) => {
  const runtime = await startHandler(start, 'remembers');
  for (const n of [1, 2, 3]) {
    assert.equal(((await runtime.run({})).body as typeof USUAL).body, String(n));
    await idleOf(runtime);
  }
});
