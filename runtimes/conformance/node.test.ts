// What a run of a Node handler answers: completion, results, error objects, context (docs/specs/lambda.md
// sections 1, 3, 4).
import assert from 'node:assert/strict';
import { FRAME } from '../../contract/frames.cjs';
import { runOnce, testOnEngines } from './engines.ts';
import type { ErrorObject, Outcome } from './runtime-process.ts';

/**
 * Handler, event, expected result. Where an interval is left open, an answer at all shows that nothing was
 * waited for.
 */
const results: [handler: string, event: unknown, result: unknown][] = [
  ['callback-value.handler', { a: [1] }, { got: { a: [1] } }],
  ['callback-undefined.handler', null, null],
  ['callback-twice.handler', null, 'first'],
  ['callback-then-throws.handler', null, 'kept'],
  ['callback-later.handler', null, 'later'],
  ['callback-value-changed-while-held.handler', null, { step: 2 }],
  ['callback-beats-promise.handler', null, 'callback'],
  ['promise-resolves.handler', { n: 4 }, { doubled: 8 }],
  ['promise-resolves-undefined.handler', null, null],
  ['promise-with-open-interval.handler', null, 'at once'],
  ['thenable-resolves.handler', null, 'thenable'],
  ['lazy-promise-subclass.handler', null, 'started by then'],
  ['returns-plain-value.handler', null, null],
  ['never-calls-back.handler', null, null],
  ['plain-function-returns-pending-promise.handler', null, null],
  ['no-wait.handler', null, 'at once'],
  ['no-wait-set-too-late.handler', null, 'held'],
  ['context-done.handler', null, 'done'],
  ['context-succeed.handler', null, 'succeeded'],
  ['function-result.handler', null, null],
  ['to-json-result.handler', null, { shown: true }],
  [
    'special-values.handler',
    null,
    { b: null, c: '1970-01-01T00:00:00.000Z', d: [null], e: '\u2028\u{1f600}' },
  ],
  ['own-before-exit-listener.handler', null, 'with listener'],
];

for (const [handler, event, result] of results) {
  testOnEngines(`${handler} answers ${JSON.stringify(result)}`, async (start) => {
    const outcome = await runOnce(start, handler, event);
    assert.deepEqual({ ok: outcome.ok, body: outcome.body }, { ok: true, body: result });
    assert.equal(outcome.head.fatal, undefined);
  });
}

/** Handler, event, expected errorType and errorMessage. */
const errors: [handler: string, event: unknown, errorType: string, errorMessage: string | RegExp][] = [
  ['callback-error.handler', null, 'TypeError', 'no such sale'],
  ['callback-error-with-open-interval.handler', null, 'string', 'at once'],
  ['throws-sync.handler', null, 'RangeError', 'too far'],
  ['throws-undefined.handler', null, 'string', 'handled'],
  ['promise-rejects.handler', null, 'Error', 'refused'],
  ['promise-rejects-undefined.handler', null, 'string', 'handled'],
  ['thenable-throws.handler', null, 'Error', 'then throws'],
  ['context-done.handler', 'error', 'Error', 'done with error'],
  ['context-fail.handler', 'why', 'string', 'why'],
  ['context-fail.handler', null, 'string', 'handled'],
  ['async-never-settles.handler', null, 'Runtime.NodeJsExit', /unexpected Node\.js exit code/],
  ['circular-result.handler', null, 'Error', 'Unable to stringify response body'],
  ['bigint-result.handler', null, 'Error', 'Unable to stringify response body'],
  ['to-json-throws.handler', null, 'Error', 'Unable to stringify response body'],
  ['error-objects.handler', 'number', 'number', '42'],
  ['error-objects.handler', 'boolean', 'boolean', 'false'],
  ['error-objects.handler', 'object', 'object', '[object Object]'],
  ['error-objects.handler', 'array', 'object', '1,2'],
  ['error-objects.handler', 'symbol', 'symbol', 'Symbol(s)'],
  ['error-objects.handler', 'bigint', 'bigint', '9'],
  ['error-objects.handler', 'function', 'function', 'function named() {}'],
  ['error-objects.handler', 'nullPrototype', 'handled', /problem while retrieving/],
  ['error-objects.handler', 'throwingGetter', 'handled', /problem while retrieving/],
  ['error-objects.handler', 'throwingProxy', 'handled', /problem while retrieving/],
  ['error-objects.handler', 'numberName', 'handled', /problem while retrieving/],
  ['error-objects.handler', 'errorLike', 'Custom', 'like an error'],
  ['error-objects.handler', 'namedError', 'SaleError', 'renamed'],
  ['error-objects.handler', 'subclass', 'Error', 'declined'],
  ['error-objects.handler', 'noStack', 'Error', 'bare'],
  ['error-objects.handler', 'otherRealm', 'RangeError', 'from elsewhere'],
];

for (const [handler, event, errorType, errorMessage] of errors) {
  testOnEngines(`${handler} with ${JSON.stringify(event)} fails with ${errorType}`, async (start) => {
    const outcome = await runOnce(start, handler, event);
    const error = errorOf(outcome);
    assert.equal(error.errorType, errorType);
    if (typeof errorMessage === 'string') assert.equal(error.errorMessage, errorMessage);
    else assert.match(error.errorMessage, errorMessage);
    assert.equal(outcome.head.fatal, undefined);
  });
}

testOnEngines('a string given to the callback becomes exactly Lambda’s error object', async (start) => {
  const outcome = await runOnce(start, 'callback-error-string.handler');
  assert.deepEqual(outcome.body, { errorType: 'string', errorMessage: 'Customer not found.', trace: [] });
});

testOnEngines('a trace names the user’s file and no file of the runtime', async (start) => {
  for (const handler of ['throws-sync.handler', 'callback-error.handler', 'promise-rejects.handler']) {
    const { trace } = errorOf(await runOnce(start, handler));
    assert.match(trace[0] ?? '', /^(RangeError|TypeError|Error): /);
    assert.match(trace[1] ?? '', /conformance\/handlers\/.*\.js:[12]:/);
    assert.doesNotMatch(trace.join('\n'), /runtimes\/node\/|contract\//);
  }
});

testOnEngines('an error of any size fits into a frame', async (start) => {
  const error = errorOf(await runOnce(start, 'error-objects.handler', 'huge'));
  assert.equal(error.errorMessage, '\u0001'.repeat(256 * 1024));
});

testOnEngines(
  'a held value is sent when the event loop is empty, after the work that emptied it',
  async (start) => {
    const runtime = await start('open-interval-holds-callback.handler');
    const outcome = await runtime.run();
    assert.equal(outcome.body, 'held');
    assert.match(
      await runtime.stdoutUpTo(outcome.head.stdoutBytes),
      /tick 1\n[\s\S]*tick 2\n[\s\S]*tick 3\n/,
    );
  },
);

testOnEngines('a value held by an interval that never ends is never sent', async (start) => {
  const runtime = await start('endless-interval-holds-callback.handler');
  runtime.invoke(null);
  await runtime.stdoutUpTo(500);
  assert.equal(runtime.frameCount, 0);
});

testOnEngines(
  'a result at the limit passes and one byte more is Function.ResponseSizeTooLarge',
  async (start) => {
    const runtime = await start('big-result.handler', { resultLimitBytes: 3_000_000 });
    assert.equal(((await runtime.run(2_999_998)).body as string).length, 2_999_998);
    const error = errorOf(await runtime.run(2_999_999));
    assert.equal(error.errorType, 'Function.ResponseSizeTooLarge');
    assert.equal((await runtime.run(1)).body, 'z');
  },
);

testOnEngines('the limit of a result counts bytes, not characters', async (start) => {
  const runtime = await start('big-wide-result.handler', { resultLimitBytes: 302 });
  assert.equal((await runtime.run(100)).ok, true);
  assert.equal(errorOf(await runtime.run(101)).errorType, 'Function.ResponseSizeTooLarge');
});

testOnEngines('an event of six megabytes arrives whole', async (start) => {
  const event = { text: '\u20ac'.repeat(2_000_000) };
  assert.deepEqual((await runOnce(start, 'callback-value.handler', event)).body, { got: event });
});

testOnEngines('the context has every member of Lambda’s', async (start) => {
  const { body } = await runOnce(start, 'context-members.handler');
  const { names, values, types, remainingMs } = body as {
    names: string[];
    values: object;
    types: Record<string, string>;
    remainingMs: number;
  };
  assert.deepEqual(names, [
    ...['callbackWaitsForEmptyEventLoop', 'succeed', 'fail', 'done', 'functionVersion', 'functionName'],
    ...[
      'memoryLimitInMB',
      'logGroupName',
      'logStreamName',
      'clientContext',
      'identity',
      'invokedFunctionArn',
    ],
    ...['awsRequestId', 'tenantId', 'getRemainingTimeInMillis'],
  ]);
  assert.deepEqual(values, {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: '$LATEST',
    functionName: 'zoo',
    memoryLimitInMB: '256',
    logGroupName: '/aws/lambda/zoo',
    logStreamName: '2030/01/02/[$LATEST]0123456789abcdef0123456789abcdef',
    invokedFunctionArn: 'arn:millrace:function:zoo',
    awsRequestId: 'run-1',
  });
  for (const name of ['succeed', 'fail', 'done', 'getRemainingTimeInMillis'])
    assert.equal(types[name], 'function');
  assert.ok(remainingMs > 0 && remainingMs <= 60_000);
});

testOnEngines('the environment is exactly the given one, in place while the module loads', async (start) => {
  const runtime = await start('environment.handler');
  const { body } = await runtime.run();
  const { env, whileLoaded, folder } = body as { env: object; whileLoaded: string; folder: string };
  assert.deepEqual(env, { PATH: '/usr/bin:/bin', GREETING: 'hello', 'WITH SPACE': 'yes' });
  assert.equal(whileLoaded, 'hello');
  assert.match(folder, /conformance\/handlers$/);
});

testOnEngines('module state survives to the next run of the same process', async (start) => {
  const runtime = await start('remembers.handler');
  for (const count of [1, 2, 3]) assert.equal((await runtime.run()).body, count);
});

testOnEngines('a failed run leaves the process fit for the next one', async (start) => {
  const runtime = await start('error-objects.handler');
  for (const kind of ['number', 'throwingProxy', 'subclass'])
    assert.equal((await runtime.run(kind)).ok, false);
});

testOnEngines('a callback of an earlier run can’t complete a later one', async (start) => {
  const runtime = await start('calls-back-after-the-run.handler');
  for (const event of ['one', 'two', 'three']) assert.equal((await runtime.run(event)).body, event);
  assert.equal(runtime.frameCount, 0);
});

testOnEngines('the runtime exits when the server closes the socket', async (start) => {
  const idle = await start('callback-value.handler');
  assert.deepEqual(await idle.close(), { code: 0, signal: null });
  const busy = await start('endless-interval-holds-callback.handler');
  busy.invoke(null);
  await busy.stdoutUpTo(100);
  assert.deepEqual(await busy.close(), { code: 0, signal: null });
});

testOnEngines('frames that break the contract end the runtime with status 70', async (start) => {
  const nonce = Buffer.alloc(8, 1);
  const unknown = await start('callback-value.handler');
  unknown.send(99, nonce, Buffer.alloc(0));
  assert.equal((await unknown.exited).code, 70);
  const lying = await start('callback-value.handler');
  lying.send(FRAME.INVOKE, nonce, Buffer.from([255, 0, 0, 0]));
  assert.equal((await lying.exited).code, 70);
  const oversized = await start('callback-value.handler');
  oversized.sendBytes(Buffer.alloc(13, 255));
  assert.equal((await oversized.exited).code, 70);
});

function errorOf(outcome: Outcome): ErrorObject {
  assert.equal(outcome.ok, false);
  return outcome.body as ErrorObject;
}
