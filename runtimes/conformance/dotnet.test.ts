// What a C# handler gets and answers, by what Lambda's own client does (docs/specs/lambda.md sections 1, 3,
// 7).
import assert from 'node:assert/strict';
import { FRAME } from '../../contract/frames.cjs';
import { newestDotnet, testOnDotnet } from './dotnet-engines.ts';
import { loaded, runOnce } from './run-once.ts';
import type { ErrorObject } from './runtime-process.ts';

type CausedError = Omit<ErrorObject, 'trace'> & {
  stackTrace?: string[];
  cause?: CausedError;
  causes?: CausedError[];
};

const zoo = (handler: string): string => `Zoo::Zoo.${handler}`;

/** Handler, event, result. */
const results: [handler: string, event: unknown, result: unknown][] = [
  ['Shapes::Reprice', { Name: 'tea', Price: 2.5 }, { Name: 'tea', Price: 5 }],
  ['Shapes::WithContext', {}, 'run-1'],
  ['Shapes::ContextOnly', {}, 'zoo'],
  ['Shapes::Nothing', {}, 'nothing'],
  ['Shapes::Silent', 'text', null],
  ['Shapes::Later', 'a', 'a later'],
  ['Shapes::LaterSilent', 'a', null],
  ['Shapes::LaterValue', 1, 2],
  ['Shapes::Static', 'a', 'a static'],
  ['Shapes::Hidden', 'a', 'a hidden'],
  ['Shapes::Streams', { a: 1 }, { length: 7 }],
  ['Shapes::NoStream', {}, null],
  ['Shapes::LaterStream', { same: [1] }, { same: [1] }],
  ['Shapes::Shouted', 'a', 'a!'],
  ['Shapes::Missing', 'a', null],
  ['Shapes::Unicode', 'é', 'hé\u2028\u{1f600}é'],
  ['Shapes::Int32 Over(Int32)', 3, 3],
  ['Shapes::Int32 Over(System.String)', '3', 7],
  ['Inherits::Later', 'a', 'a later'],
  ['Struct::Answer', null, 'struct'],
  ['AllStatic::Answer', null, 'loaded'],
  ['Surroundings::Web', null, 'Microsoft.AspNetCore.Http.Abstractions'],
];

testOnDotnet('handlers of every shape answer', async (start) => {
  for (const [handler, event, result] of results) {
    const { ok, body } = await runOnce(start, zoo(handler), event);
    assert.deepEqual([handler, ok, body], [handler, true, result]);
  }
});

/** Handler and the message of INIT_ERROR; the process exits with status 1. */
const unloadable: [handler: string, errorMessage: string | RegExp, errorType?: string][] = [
  ['Nowhere', "Invalid lambda function handler: 'Nowhere'. The valid format is 'ASSEMBLY::TYPE::METHOD'."],
  [
    'Zoo:: ::Handle',
    "Invalid lambda function handler: 'Zoo:: ::Handle', the type is missing. The valid format is 'ASSEMBLY::TYPE::METHOD'.",
  ],
  [
    'Nowhere::A::B',
    "Could not find the specified handler assembly with the file name 'Nowhere, Culture=neutral, PublicKeyToken=null'. The assembly should be located in the root of your uploaded .zip file.",
  ],
  ['Zoo::Zoo.Nothing::A', "Unable to load type 'Zoo.Nothing' from assembly 'Zoo'."],
  [
    'Zoo::Zoo.Shapes::Gone',
    "Unable to find method 'Gone' in type 'Zoo.Shapes' from assembly 'Zoo': Found no methods matching method name 'Gone'.",
  ],
  [
    'Zoo::Zoo.Shapes::Over',
    /^The method 'Over' in type 'Zoo\.Shapes' appears to have a number of overloads\. To call this method please specify a complete method signature\. Possible candidates are:\nInt32 Over\(Int32\)\nInt32 Over\(System\.String\)\.$/,
  ],
  [
    'Zoo::Zoo.Abstract::Answer',
    /^The method 'System\.String Answer\(\)' .* because it is an abstract method\./,
  ],
  ['Zoo::Zoo.Abstract::Instance', /^The instance method .* because its type 'Zoo\.Abstract' is abstract\./],
  ['Zoo::Zoo.Generic`1::Answer', /cannot be used as a Lambda Handler type because it is generic\./],
  ['Zoo::Zoo.Refused::AsyncVoid', /because it is an 'async void' method\./],
  ['Zoo::Zoo.Refused::Params', /because it is a 'params' method\./],
  ['Zoo::Zoo.Refused::GenericMethod', /because it is a generic method\./],
  [
    'Zoo::Zoo.Refused::Three',
    "Method 'Three' of type 'Zoo.Refused' is not supported: the method has more than 2 parameters.",
  ],
  [
    'Zoo::Zoo.Refused::Second',
    "Method 'Second' of type 'Zoo.Refused' is not supported: the method has 2 parameters, but the second parameter is not of type 'Amazon.Lambda.Core.ILambdaContext'.",
  ],
  [
    'Zoo::Zoo.Refused::Serializer',
    "The indicated serializer 'Zoo.NoConstructor' does not define a public zero-parameter constructor.",
  ],
  ['Zoo::Zoo.NeedsArgument::Answer', /No parameterless constructor defined\.$/, 'MissingMethodException'],
  ['Zoo::Zoo.ThrowsInConstructor::Answer', 'no key', 'InvalidDataException'],
  [
    'Zoo::Zoo.ThrowsInStatic::Answer',
    /type initializer for 'Zoo\.ThrowsInStatic'/,
    'TypeInitializationException',
  ],
];

testOnDotnet('what can’t be loaded is said in Lambda’s words, and ends the process', async (start) => {
  for (const [handler, errorMessage, errorType = 'LambdaValidationException'] of unloadable) {
    const runtime = start(handler);
    const told = await runtime.ready();
    assert.deepEqual([handler, told.errorType], [handler, errorType]);
    if (typeof errorMessage === 'string') assert.equal(told.errorMessage, errorMessage);
    else assert.match(told.errorMessage ?? '', errorMessage);
    assert.deepEqual(await runtime.exited, { code: 1, signal: null });
    assert.match(runtime.stdout, new RegExp(`\\tfail\\t(System\\.|System\\.IO\\.)?${errorType}: `));
  }
});

testOnDotnet('an assembly without a serializer takes and gives streams alone', async (start) => {
  // The stand-in for Amazon.Lambda.Core has no attribute.
  const runtime = start('Amazon.Lambda.Core::Amazon.Lambda.Core.LambdaLogger::LogOf');
  const { errorMessage } = await runtime.ready();
  assert.match(
    errorMessage ?? '',
    /Could not find the LambdaSerializerAttribute on the assembly 'Amazon\.Lambda\.Core' or method 'LogOf' while attempting to serialize output data of type 'System\.String'/,
  );
});

/** Event of Raises::Handle, errorType, errorMessage. */
const errors: [event: string, errorType: string, errorMessage: string | RegExp][] = [
  ['own', 'SaleException', 'no such sale'],
  ['unprintable', 'Unprintable', "<the exception can't be printed>"],
  ['too much at once', 'OutOfMemoryException', /OutOfMemoryException/],
];

testOnDotnet('an exception has its type, its message and the frames of the code', async (start) => {
  const runtime = await loaded(start, zoo('Raises::Handle'));
  for (const [event, errorType, errorMessage] of errors) {
    const { ok, body } = await runtime.run(event);
    const error = body as CausedError;
    assert.deepEqual([ok, error.errorType], [false, errorType]);
    if (typeof errorMessage === 'string') assert.equal(error.errorMessage, errorMessage);
    else assert.match(error.errorMessage, errorMessage);
  }
  const inner = (await runtime.run('inner')).body as CausedError;
  assert.deepEqual(
    inner.stackTrace?.map((frame) => /^at (\S+)\(.*\) in .*Raises\.cs:line \d+$/.exec(frame)?.[1]),
    ['Zoo.Raises.Inner', 'Zoo.Raises.Handle'],
  );
  const large = (await runtime.run('large')).body as CausedError;
  assert.equal(large.errorMessage.length, 256 * 1024);
});

testOnDotnet('causes are told with their error', async (start) => {
  const { body, stdout } = await runOnce(start, zoo('Raises::Handle'), 'caused');
  const { cause, ...error } = body as CausedError;
  assert.deepEqual(
    [error.errorMessage, cause?.errorType, cause?.errorMessage],
    ['outer', 'InvalidOperationException', 'inner'],
  );
  assert.match(
    stdout,
    /\trun-1\tfail\tZoo\.SaleException: outer\r ---> System\.InvalidOperationException: inner\r/,
  );
  assert.doesNotMatch(stdout, /Millrace\.Host/);
  const several = (await runOnce(start, zoo('Raises::Later'), 'aggregate')).body as CausedError;
  assert.equal(several.errorType, 'AggregateException');
  assert.deepEqual(
    several.causes?.map(({ errorMessage }) => errorMessage),
    ['one', 'two'],
  );
});

testOnDotnet('a task that fails, at once or later, is its exception', async (start) => {
  const later = (await runOnce(start, zoo('Raises::Later'), 'x')).body as CausedError;
  assert.deepEqual([later.errorType, later.errorMessage], ['SaleException', 'later']);
  assert.match(later.stackTrace?.join() ?? '', /^at Zoo\.Raises\.Later\(String how\) in [^,]*$/);
  const atOnce = (await runOnce(start, zoo('Raises::Synchronous'), 'x')).body as CausedError;
  assert.equal(atOnce.errorMessage, 'at once');
});

testOnDotnet('a result that is not JSON, or too large, fails the run', async (start) => {
  const typeOf = async (handler: string, event: unknown): Promise<string> =>
    ((await runOnce(start, zoo(handler), event)).body as CausedError).errorType;
  assert.equal(await typeOf('Shapes::NotJson', {}), 'Runtime.MarshalError');
  assert.equal(await typeOf('Shapes::NotText', {}), 'Runtime.MarshalError');
  assert.equal(await typeOf('Shapes::NotANumber', 'x'), 'ArgumentException');
  assert.equal(await typeOf('Shapes::Reprice', 'no order'), 'JsonException');
  const limit = 6_291_556;
  const runtime = await loaded(start, zoo('Shapes::Large'));
  assert.equal(((await runtime.run(limit - 2)).body as string).length, limit - 2);
  assert.equal(
    ((await runtime.run(limit - 1)).body as CausedError).errorType,
    'Function.ResponseSizeTooLarge',
  );
  const event = { text: 'y'.repeat(6_000_000) };
  assert.deepEqual((await runOnce(start, zoo('Shapes::Same'), event)).body, event);
});

/** Event of Raises::Handle, how the process ends, what it says. */
const ends: [event: string, code: number | null, signal: string | null, stderr: RegExp][] = [
  ['exit', 3, null, /^$/],
  ['fail fast', null, 'SIGABRT', /giving up/],
  ['overflow', null, 'SIGABRT', /Stack overflow/],
  ['thread', null, 'SIGABRT', /Unhandled exception\. Zoo\.SaleException: in a thread/],
];

testOnDotnet('code that ends its process is seen to', async (start) => {
  for (const [event, code, signal, stderr] of ends) {
    const runtime = await loaded(start, zoo('Raises::Handle'));
    assert.equal(await runtime.outcome(runtime.invoke(event)), null);
    assert.deepEqual([event, await runtime.exited], [event, { code, signal }]);
    assert.match(runtime.stderr, stderr);
  }
  assert.equal((await runOnce(start, zoo('Raises::Handle'), 'task')).body, 'went on');
});

testOnDotnet(
  'the context has every member of Lambda’s, and of later versions what is usual',
  async (start) => {
    const { body } = await runOnce(start, zoo('Surroundings::Context'));
    const { texts, empty, serializer, left } = body as Record<string, unknown>;
    assert.deepEqual(texts, [
      ...['run-1', 'zoo', '$LATEST', 256, 'arn:millrace:function:zoo', '/aws/lambda/zoo'],
      '2030/01/02/[$LATEST]0123456789abcdef0123456789abcdef',
    ]);
    assert.deepEqual([empty, serializer], [[null, null, null, null, null, 0, 'usual'], 'JsonOf']);
    assert.ok((left as number) > 0 && (left as number) <= 60_000);
  },
);

testOnDotnet('environment, folder, culture and heap are the function’s own', async (start) => {
  const env = { PATH: '/usr/bin:/bin', GREETING: 'hello', LANG: 'en_US.UTF-8', TZ: ':UTC' };
  const { body } = await runOnce(start, zoo('Surroundings::Process'), null, { env });
  const { environment, native, folder, base, culture, zone, heap } = body as Record<string, unknown>;
  assert.deepEqual(environment, env);
  assert.deepEqual([native, zone], [['hello', null, null], 0]);
  assert.equal(base, `${folder}/`);
  assert.equal(culture, 'en-US');
  assert.equal(heap, 204 * 1024 * 1024);
});

testOnDotnet('state lives on from run to run', async (start) => {
  const runtime = await loaded(start, zoo('Shapes::Count'));
  const counts: unknown[] = [];
  for (let n = 0; n < 3; n++) counts.push((await runtime.run()).body);
  assert.deepEqual(counts, [1, 2, 3]);
});

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;

testOnDotnet('lines of the console are Lambda’s, and out and counted before the outcome', async (start) => {
  const runtime = await loaded(start, zoo('Surroundings::Prints'));
  const { head } = await runtime.run();
  const stdout = await runtime.stdoutUpTo(head.stdoutBytes);
  const line = (text: string): string => `${TIME}\trun-1\tinfo\t${text}\n`;
  assert.match(stdout, new RegExp(`^${line('one')}no end${line('')}${line('two\rlines 2')}$`));
  assert.match(runtime.stderr, new RegExp(`^${TIME}\trun-1\tfail\terror\n$`));
  assert.equal(head.stderrBytes, runtime.stderr.length);
});

testOnDotnet('loggers write Lambda’s lines, from the level that is asked for on', async (start) => {
  const logs = async (env: Record<string, string>): Promise<string> =>
    (await runOnce(start, zoo('Surroundings::Logs'), null, { env })).stdout;
  const told = (await logs({})).replaceAll(new RegExp(`${TIME}\trun-1\t`, 'g'), '');
  assert.equal(
    told,
    'as it is\ninfo\ta line\ninfo\tseen\nwarn\tsale 7 of {0}} at 1.50\nfail\tfailed\rZoo.SaleException: wrong\n' +
      'info\tstatic\ncrit\tworst a b\n',
  );
  assert.match(await logs({ AWS_LAMBDA_LOG_LEVEL: 'DEBUG' }), /\tdbug\thidden\n/);
  assert.doesNotMatch(await logs({ AWS_LAMBDA_LOG_LEVEL: 'WARN' }), /\tinfo\t/);
  assert.match(await logs({ AWS_LAMBDA_HANDLER_LOG_FORMAT: 'Unformatted' }), /^as it is\na line\nseen\n/);
});

testOnDotnet('AWS_LAMBDA_LOG_FORMAT makes each line a JSON object', async (start) => {
  const env = { AWS_LAMBDA_LOG_FORMAT: 'JSON' };
  const { stdout } = await runOnce(start, zoo('Surroundings::Logs'), null, { env });
  const lines = stdout.trimEnd().split('\n').slice(1);
  const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    told.map(({ level, message, requestId }) => [level, message, requestId]),
    [
      ['Information', 'a line', 'run-1'],
      ['Information', 'seen', 'run-1'],
      ['Warning', 'sale 7 of {0}} at 1.50', 'run-1'],
      ['Error', 'failed', 'run-1'],
      ['Information', 'static', 'run-1'],
      ['Critical', 'worst a b', 'run-1'],
    ],
  );
  assert.deepEqual([told[2]?.id, told[2]?.price], [7, 1.5]);
  assert.deepEqual([told[3]?.errorType, told[3]?.errorMessage], ['Zoo.SaleException', 'wrong']);
});

testOnDotnet('a flood waits for whoever reads it, and is whole', async (start) => {
  const runtime = await loaded(start, zoo('Surroundings::Floods'));
  runtime.pauseStdout();
  const nonce = runtime.invoke(20_000);
  runtime.resumeStdout();
  const outcome = await runtime.outcome(nonce);
  assert.equal(outcome?.head.stdoutBytes, 2_000_000);
  assert.equal((await runtime.stdoutUpTo(2_000_000)).length, 2_000_000);
});

testOnDotnet('child processes run with the function’s environment', async (start) => {
  assert.equal((await runOnce(start, zoo('Surroundings::Child'), '/bin/echo')).body, 'from-a-child');
});

testOnDotnet('the process ends when the server closes its end, and by a frame out of turn', async (start) => {
  const closed = await loaded(start, zoo('Shapes::Count'));
  assert.deepEqual(await closed.close(), { code: 0, signal: null });
  const broken = await loaded(start, zoo('Shapes::Count'));
  broken.send(FRAME.START, Buffer.alloc(8), Buffer.from('{}'));
  assert.deepEqual(await broken.exited, { code: 70, signal: null });
  assert.match(broken.stderr, /^millrace runtime: frame of type 1 while ready\n$/);
});

testOnDotnet('READY says what really runs', async (start) => {
  const ready = await start(zoo('Shapes::Count')).ready();
  assert.equal(ready.engine, `dotnet ${newestDotnet?.exact}`);
});
