// What a Python handler gets and answers, by what Lambda's own client does (docs/specs/lambda.md sections 1,
// 3, 5).
import assert from 'node:assert/strict';
import { FRAME } from '../../contract/frames.cjs';
import { resultText, type StartPython, testOnPythons } from './python-engines.ts';
import { loaded, runOnce } from './run-once.ts';
import type { ErrorObject } from './runtime-process.ts';

/** Handler, event, result to the byte, in the version's own environment. */
const results: [handler: string, event: unknown, result: string][] = [
  ['results.handler', 'numbers', '[1, -2.5, 1e+100, true, null]'],
  ['results.handler', 'nested', '{"a": {"b": [{}]}}'],
  ['results.handler', 'tuple', '[1, "two"]'],
  ['results.handler', 'decimals', '{"price": 12.30, "many": [1E+5]}'],
  ['results.handler', 'named', '{"x": 1, "y": 2.0}'],
  ['results.handler', 'keys', '{"1": "d", "2.5": "b", "null": "c"}'],
  ['results.handler', 'bytes', '{"raw": 1}'],
  ['results.nothing', null, 'null'],
  ['results.echo', { b: 1, a: [] }, '{"b": 1, "a": []}'],
  ['package/module.handler', null, '3'],
  ['package.module.handler', null, '3'],
];

for (const [handler, event, result] of results) {
  testOnPythons(`${handler} answers ${result}`, async (start) => {
    assert.equal(await resultText(start, handler, event), result);
  });
}

testOnPythons(
  'what is not ASCII is escaped up to python3.11, and left as it is from python3.12 on',
  async (start) => {
    const textOf = (code: string): Promise<string> =>
      resultText(start, 'results.handler', 'text', { env: { AWS_EXECUTION_ENV: `AWS_Lambda_${code}` } });
    assert.equal(await textOf('python3.9'), '"h\\u00e9\\u2028\\ud83d\\ude00"');
    assert.equal(await textOf('python3.12'), '"hé\\u2028\u{1f600}"');
  },
);

/** Handler, event, errorType, errorMessage. */
const errors: [handler: string, event: unknown, errorType: string, errorMessage: string | RegExp][] = [
  ['raises.handler', 'own', 'SaleError', 'no such sale'],
  ['raises.handler', 'chained', 'ValueError', 'outer'],
  ['raises.handler', 'unprintable', 'Unprintable', "<the exception can't be printed>"],
  ['raises.handler', 'deep', 'RecursionError', /maximum recursion depth exceeded/],
  ['raises.handler', 'surrogate', 'ValueError', 'half a \ud800'],
  ['raises.handler', 'closed', 'ValueError', 'after the last line'],
  ['raises.no_arguments', null, 'TypeError', /takes 0 positional arguments but 2 were given/],
  ['results.handler', 'missing', 'KeyError', "'missing'"],
  [
    'results.not_json',
    'set',
    'Runtime.MarshalError',
    /^Unable to marshal response: .*set is not JSON serializable/,
  ],
  ['results.not_json', 'bytes', 'Runtime.MarshalError', /^Unable to marshal response: .*codec can't decode/],
  [
    'results.not_json',
    'cycle',
    'Runtime.MarshalError',
    'Unable to marshal response: Circular reference detected',
  ],
  [
    'results.not_json',
    'key',
    'Runtime.MarshalError',
    /keys must be str, int, float, bool or None, not tuple/,
  ],
  ...[0, 1, 2, 3, 4, 5].map((at): [string, unknown, string, RegExp] => [
    'results.not_a_number',
    at,
    'Runtime.MarshalError',
    /^Unable to marshal response: Out of range float values are not JSON compliant/,
  ]),
  ['results.not_json', 'utf-16', 'Runtime.MarshalError', /^Unable to marshal response: .*codec can't decode/],
  ['results.not_json', 'bare', 'Runtime.MarshalError', /^Unable to marshal response: Expecting value/],
];

for (const [handler, event, errorType, errorMessage] of errors) {
  testOnPythons(`${handler} fails with ${errorType} of ${JSON.stringify(event)}`, async (start) => {
    const { ok, body } = await runOnce(start, handler, event);
    const error = body as ErrorObject & { requestId: string };
    assert.equal(ok, false);
    assert.deepEqual([error.errorType, error.requestId], [errorType, 'run-1']);
    if (typeof errorMessage === 'string') assert.equal(error.errorMessage, errorMessage);
    else assert.match(error.errorMessage, errorMessage);
  });
}

testOnPythons('the type and the message of an error are cut', async (start) => {
  const { body } = await runOnce(start, 'raises.handler', 'large');
  const { errorType, errorMessage } = body as ErrorObject;
  assert.deepEqual([errorType.length, errorMessage.length], [1024, 256 * 1024]);
});

testOnPythons('an error names the frames of the code alone, and is printed as one line', async (start) => {
  const { body, stdout } = await runOnce(start, 'raises.handler', 'indented');
  const { stackTrace } = body as { stackTrace: string[] };
  assert.deepEqual(
    stackTrace.map((frame) => /line (\d+), in (\w+)\n {4}(.*)\n$/.exec(frame)?.slice(2)),
    [
      ['handler', 'return inner(event)'],
      ['inner', String.raw`raise SaleError("one\n  two")`],
    ],
  );
  const [line, rest] = stdout.split('\n  two', 2);
  assert.equal(line, '[ERROR] SaleError: one');
  assert.match(
    rest ?? '',
    /^\rTraceback \(most recent call last\):\r\u00a0\u00a0File ".*", line \d+, in handler\r/,
  );
  assert.equal(stdout.at(-1), '\n');
});

/** Handler and the error object of INIT_ERROR; the process exits with status 1. */
const unloadable: [handler: string, errorType: string, errorMessage: string | RegExp][] = [
  [
    'handler',
    'Runtime.MalformedHandlerName',
    "Bad handler 'handler': not enough values to unpack (expected 2, got 1)",
  ],
  [
    'nowhere.handler',
    'Runtime.ImportModuleError',
    "Unable to import module 'nowhere': No module named 'nowhere'",
  ],
  [
    'imports_missing.handler',
    'Runtime.ImportModuleError',
    "Unable to import module 'imports_missing': No module named 'nothing_of_this_name'",
  ],
  [
    'broken.handler',
    'Runtime.UserCodeSyntaxError',
    /^Syntax error in module 'broken': .*\(broken\.py, line 1\)$/,
  ],
  ['results.missing', 'Runtime.HandlerNotFound', "Handler 'missing' missing on module 'results'"],
  ['sys.exit', 'Runtime.BuiltInModuleConflict', 'Cannot use built-in module sys as a handler module'],
  ['fails.handler', 'ConfigError', 'no key'],
];

for (const [handler, errorType, errorMessage] of unloadable) {
  testOnPythons(`${handler} can't be loaded: ${errorType}`, async (start) => {
    const runtime = start(handler);
    const told = await runtime.ready();
    assert.equal(told.errorType, errorType);
    if (typeof errorMessage === 'string') assert.equal(told.errorMessage, errorMessage);
    else assert.match(told.errorMessage ?? '', errorMessage);
    assert.deepEqual(await runtime.exited, { code: 1, signal: null });
    assert.match(runtime.stdout, new RegExp(`^\\[ERROR\\] ${errorType.replace('.', '\\.')}: .*\rTraceback`));
  });
}

/** Handler, event, how the process ends. */
const ends: [handler: string, event: unknown, code: number | null, signal: string | null, stderr: RegExp][] =
  [
    ['raises.handler', 'exit', 3, null, /^$/],
    ['raises.handler', 'exit with text', 1, null, /^giving up\n$/],
    ['raises.handler', 'gone', 7, null, /^$/],
    ['raises.handler', 'abort', null, 'SIGABRT', /^$/],
  ];

for (const [handler, event, code, signal, stderr] of ends) {
  testOnPythons(`${handler} ends its process by ${JSON.stringify(event)}`, async (start) => {
    const runtime = await loaded(start, handler);
    assert.equal(await runtime.outcome(runtime.invoke(event)), null);
    assert.deepEqual(await runtime.exited, { code, signal });
    assert.match(runtime.stderr, stderr);
  });
}

testOnPythons('an exception in a thread is printed and the run goes on', async (start) => {
  const runtime = await loaded(start, 'raises.handler');
  const { body, head } = await runtime.run('thread');
  assert.equal(body, 'thread');
  assert.ok(head.stderrBytes > 0);
  assert.match(runtime.stderr, /ZeroDivisionError/);
});

testOnPythons('the context has every member of Lambda’s', async (start) => {
  const { body } = await runOnce(start, 'surroundings.context_facts');
  const { members, values, left, shown } = body as {
    members: string[];
    values: unknown[];
    left: number;
    shown: string;
  };
  assert.deepEqual(members, [
    ...[
      'aws_request_id',
      'client_context',
      'function_name',
      'function_version',
      'get_remaining_time_in_millis',
    ],
    ...['identity', 'invoked_function_arn', 'log', 'log_group_name', 'log_stream_name', 'memory_limit_in_mb'],
    ...['tenant_id', 'w3c'],
  ]);
  assert.deepEqual(values, [
    ...['run-1', 'zoo', '$LATEST', '256', 'arn:millrace:function:zoo', '/aws/lambda/zoo'],
    ...['2030/01/02/[$LATEST]0123456789abcdef0123456789abcdef', null, null, null],
  ]);
  assert.ok(left > 0 && left <= 60_000 && Number.isInteger(left));
  assert.match(shown, /^LambdaContext\(\[aws_request_id=run-1,log_group_name=.*,tenant_id=None\]\)$/);
});

testOnPythons('a deadline that has passed leaves no time, and no less', async (start) => {
  const runtime = await loaded(start, 'surroundings.context_facts');
  const outcome = await runtime.outcome(runtime.invoke(null, Date.now() - 5_000));
  assert.ok(outcome !== null);
  assert.equal((outcome.body as { left: number }).left, 0);
});

testOnPythons('environment, folder and modules are the function’s own', async (start) => {
  const { body } = await runOnce(start, 'surroundings.process_facts', null, {
    env: { PATH: '/usr/bin:/bin', GREETING: 'hello', PYTHONPATH: '/opt/own' },
  });
  const { environment, folder, path, modules, builtins } = body as {
    environment: Record<string, string>;
    folder: string;
    path: string[];
    modules: string[];
    builtins: string[];
  };
  assert.deepEqual([environment.GREETING, environment.LEFT_OVER], ['hello', undefined]);
  assert.deepEqual(path.slice(0, 2), [folder, '/opt/own']);
  assert.ok(path.slice(2).every((entry) => /lib\/python3/.test(entry) && !/packages/.test(entry)));
  assert.deepEqual([modules, builtins], [[], ['exit', 'quit', 'help']]);
});

testOnPythons('module state lives on from run to run', async (start) => {
  const runtime = await loaded(start, 'surroundings.count');
  const counts: unknown[] = [];
  for (let n = 0; n < 3; n++) counts.push((await runtime.run()).body);
  assert.deepEqual(counts, [1, 2, 3]);
});

testOnPythons('what is printed is out and counted before the outcome', async (start) => {
  const runtime = await loaded(start, 'surroundings.prints');
  const { head } = await runtime.run();
  assert.equal(await runtime.stdoutUpTo(head.stdoutBytes), 'one 2\nno end bytes\nlogged\n');
  assert.equal(head.stderrBytes, 'error\n'.length);
});

testOnPythons('a flood waits for whoever reads it, and is whole', async (start) => {
  const runtime = await loaded(start, 'surroundings.floods');
  runtime.pauseStdout();
  const nonce = runtime.invoke(20_000);
  runtime.resumeStdout();
  const outcome = await runtime.outcome(nonce);
  assert.equal(outcome?.head.stdoutBytes, 2_000_000);
  assert.equal((await runtime.stdoutUpTo(2_000_000)).length, 2_000_000);
});

testOnPythons('the logger prints Lambda’s lines from WARNING on', async (start) => {
  const { stdout } = await runOnce(start, 'surroundings.logs');
  const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
  assert.match(
    stdout,
    new RegExp(`^\\[WARNING\\]\t${time}\trun-1\ta warning\n\\[ERROR\\]\t${time}\trun-1\tfailed\nTrace`),
  );
  assert.doesNotMatch(stdout, /hidden/);
});

testOnPythons(
  'AWS_LAMBDA_LOG_FORMAT and AWS_LAMBDA_LOG_LEVEL make the logger’s lines JSON and choose among them',
  async (start) => {
    const env = { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'info' };
    const { stdout } = await runOnce(start, 'surroundings.logs', null, { env });
    const lines = stdout.trimEnd().split('\n');
    const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      told.map(({ level, message, logger, requestId }) => [level, message, logger, requestId]),
      [
        ['WARNING', 'a warning', 'sales', 'run-1'],
        ['INFO', 'hidden', 'sales', 'run-1'],
        ['ERROR', 'failed', 'sales', 'run-1'],
      ],
    );
    assert.deepEqual([told[2]?.errorType, told[2]?.sale], ['ZeroDivisionError', 7]);
  },
);

testOnPythons('a stdout that the code has replaced is where its lines go', async (start) => {
  const { stdout } = await runOnce(start, 'surroundings.own_stdout');
  assert.match(stdout, /^SHOUTED\n\[WARNING\]\t.*\tRUN-1\tLOUD\n$/);
});

testOnPythons('6 MB go in and out, and one byte more is too large', async (start) => {
  const limit = 6_291_556;
  const within = await runOnce(start, 'results.large', limit - 2);
  assert.equal((within.body as string).length, limit - 2);
  const beyond = await runOnce(start, 'results.large', limit - 1);
  assert.equal((beyond.body as ErrorObject).errorType, 'Function.ResponseSizeTooLarge');
  const event = { text: 'y'.repeat(6_000_000) };
  assert.deepEqual((await runOnce(start, 'results.echo', event)).body, event);
});

testOnPythons('an event that is not JSON is an error of the run', async (start) => {
  const runtime = await loaded(start, 'results.echo');
  const { payload } = await invokeBytes(runtime, Buffer.from('{"a":'));
  assert.match(payload.toString(), /"Unable to unmarshal input: .*"Runtime\.UnmarshalError"/);
});

testOnPythons('child processes can run the same engine', async (start) => {
  const { body } = await runOnce(start, 'surroundings.child');
  assert.match((body as string[]).join(), /^\(3, \d+\)\n,$/);
});

testOnPythons(
  'the process ends when the server closes its end, and by a frame out of turn',
  async (start) => {
    const closed = await loaded(start, 'results.echo');
    assert.deepEqual(await closed.close(), { code: 0, signal: null });
    const broken = await loaded(start, 'results.echo');
    broken.send(FRAME.START, Buffer.alloc(8), Buffer.from('{}'));
    assert.deepEqual(await broken.exited, { code: 70, signal: null });
    assert.match(broken.stderr, /^millrace runtime: frame of type 1 while ready\n$/);
  },
);

async function invokeBytes(
  runtime: ReturnType<StartPython>,
  body: Buffer,
): Promise<{ type: number; payload: Buffer }> {
  const head = Buffer.from('{"requestId":"r","deadlineMs":0,"functionArn":""}');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  runtime.send(FRAME.INVOKE, Buffer.alloc(8, 1), Buffer.concat([length, head, body]));
  return (await runtime.nextFrame()) ?? assert.fail('no frame');
}
