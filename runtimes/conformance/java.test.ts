// What a Java handler gets and answers, by what Lambda's own client does (docs/specs/lambda.md sections 1, 3,
// 6). What its objects are read from and written as is in java-json.test.ts.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FRAME } from '../../contract/frames.cjs';
import { compiledHandlers, testOnJavas } from './java-engines.ts';
import { loaded, runOnce } from './run-once.ts';
import type { ErrorObject } from './runtime-process.ts';

type JavaError = { errorMessage: string; errorType: string; stackTrace?: string[] };

/** Handler, event, result. */
const shapes: [handler: string, event: unknown, result: unknown][] = [
  ['zoo.Shapes::instance', 'a', 'a1'],
  ['zoo.Shapes::fixed', 'a', 'a!'],
  ['zoo.Shapes::none', 'a', 'none'],
  ['zoo.Shapes::context', 'a', 'run-1'],
  ['zoo.Shapes::both', 'a', 'azoo'],
  ['zoo.Shapes::nothing', 'a', null],
  ['zoo.Shapes::boxed', 'a', null],
  ['zoo.Shapes::nil', 'a', null],
  ['zoo.Shapes::reads', 'a', null],
  ['zoo.Shapes::writes', 'a', ['written']],
  ['zoo.Shapes::streams', 'a', ['a']],
  ['zoo.Shapes::readsKnowing', 'a', null],
  ['zoo.Shapes::writesKnowing', 'a', 2],
  ['zoo.Shapes::all', 'a', 'a'],
  ['zoo.Shapes::silent', 'a', null],
  ['zoo.Shapes::pick', 'a', 'long'],
  ['zoo.Shapes$Stream', { a: [1] }, { a: [1] }],
  ['zoo.Shapes$Objects', [{ name: 'n' }], 'n'],
  ['zoo.Shapes$Deep', [{}, {}], { Sale: 2 }],
  ['zoo.Shapes$Bounded', 5, 5],
];

testOnJavas('a handler may have every shape that Lambda takes', async (start) => {
  for (const [handler, event, result] of shapes) {
    assert.deepEqual((await runOnce(start, handler, event)).body, result, handler);
  }
});

testOnJavas('overloads that can’t be the handler are passed over, and stderr says why', async (start) => {
  const picked = await runOnce(start, 'zoo.Shapes::pick', 'a');
  assert.equal(
    picked.stderr,
    'Ignoring an overload of method pick because it has too many parameters: Expected at most 3, got 4\n',
  );
  const all = await runOnce(start, 'zoo.Shapes::all', 'a');
  assert.equal(all.stderr, 'Will ignore return type class java.lang.String on byte stream handler\n');
});

const LACKS = 'Class zoo.Shapes';
/** Handler and the error of each of its runs. */
const faults: [handler: string, errorType: string, errorMessage: string][] = [
  ['::handle', 'Runtime.BadFunctionCode', "Invalid handler: `::handle'"],
  ['zoo.Nowhere', 'java.lang.ClassNotFoundException', 'Class not found: zoo.Nowhere'],
  [
    'zoo.Around',
    'Runtime.BadFunctionCode',
    'Class does not implement an appropriate handler interface: zoo.Around',
  ],
  [
    'zoo.Shapes::unfit',
    'Runtime.BadFunctionCode',
    'No public method named unfit with appropriate method signature found on class zoo.Shapes',
  ],
  [
    'zoo.Shapes::hidden',
    'Runtime.BadFunctionCode',
    'No public method named hidden with appropriate method signature found on class zoo.Shapes',
  ],
  [
    'zoo.Shapes$Raw',
    'Runtime.BadFunctionCode',
    `${LACKS}$Raw does not implement RequestHandler with concrete type parameters`,
  ],
  [
    'zoo.Shapes$Unbounded',
    'Runtime.BadFunctionCode',
    `${LACKS}$Unbounded does not implement RequestHandler with concrete type parameters: parameter T has no upper bound.`,
  ],
  [
    'zoo.Shapes$Inner',
    'java.lang.Exception',
    `${LACKS}$Inner cannot be instantiated because it is a non-static inner class`,
  ],
  [
    'zoo.Shapes$NeedsArgument',
    'java.lang.Exception',
    `${LACKS}$NeedsArgument has no public zero-argument constructor`,
  ],
];

testOnJavas(
  'a handler that can’t be called fails each run, in Lambda’s words and without frames',
  async (start) => {
    for (const [handler, errorType, errorMessage] of faults) {
      const { ok, body, stdout } = await runOnce(start, handler, 'a');
      assert.deepEqual([ok, body], [false, { errorMessage, errorType }], handler);
      assert.ok(stdout.startsWith(errorMessage), stdout);
    }
  },
);

/** Handler, the error object of INIT_ERROR; the process exits with status 1. */
const unloadable: [handler: string, errorType: string, errorMessage: string][] = [
  ['zoo.Shapes$ThrowsWhenMade', 'java.lang.IllegalStateException', 'no key'],
  [
    'zoo.Shapes$ThrowsWhenLoaded',
    'java.lang.ExceptionInInitializerError',
    'Error loading class zoo.Shapes$ThrowsWhenLoaded',
  ],
  [
    'zoo.Shapes$LacksClass',
    'java.lang.NoClassDefFoundError',
    'Error loading class zoo.Shapes$LacksClass: zoo/Missing',
  ],
];

testOnJavas('a class that can’t be made or initialized can’t be loaded', async (start) => {
  for (const [handler, errorType, errorMessage] of unloadable) {
    const runtime = start(handler);
    assert.deepEqual(await runtime.ready(), { errorMessage, errorType } as never, handler);
    assert.deepEqual(await runtime.exited, { code: 1, signal: null });
    assert.ok(runtime.stdout.startsWith(`${errorMessage}: ${errorType}\n`), runtime.stdout);
  }
  const exits = start('zoo.Shapes$Exits');
  assert.equal(await exits.nextFrame(), null);
  assert.deepEqual(await exits.exited, { code: 4, signal: null });
});

/** Event, errorType, errorMessage. */
const errors: [event: string, errorType: string, errorMessage: string][] = [
  ['own', 'zoo.Fails$SaleException', 'no such sale'],
  ['runtime', 'java.lang.IllegalArgumentException', 'bad'],
  ['silent', 'java.lang.NullPointerException', 'java.lang.NullPointerException'],
  ['hostile', 'zoo.Fails$Hostile', 'zoo.Fails$Hostile'],
  ['half', 'java.lang.IllegalStateException', 'half \ud800'],
  ['loop', 'java.lang.Exception', 'two'],
  ['suppressed', 'java.lang.Exception', 'outer'],
  ['assertion', 'java.lang.AssertionError', 'wrong'],
];

testOnJavas(
  'an error has its class, its message and the frames of the code, and the next run goes on',
  async (start) => {
    const runtime = await loaded(start, 'zoo.Fails::handle');
    for (const [event, errorType, errorMessage] of errors) {
      const { ok, body, head } = await runtime.run(event);
      const error = body as JavaError;
      assert.deepEqual([ok, error.errorType, error.errorMessage], [false, errorType, errorMessage]);
      assert.match(error.stackTrace?.[0] ?? '', /^zoo\.Fails\.handle\(Fails\.java:\d+\)$/);
      assert.ok(error.stackTrace?.every((frame) => !frame.startsWith('millrace')));
      assert.equal(head.fatal, undefined);
    }
    assert.match(
      runtime.stdout,
      /^no such sale: zoo\.Fails\$SaleException\nzoo\.Fails\$SaleException: no such sale\n\tat zoo\.Fails\.handle[\s\S]*\nCaused by: java\.io\.FileNotFoundException: sale\.json\n\tat zoo\.Fails\.deep/,
    );
    assert.doesNotMatch(runtime.stdout, /millrace/);
  },
);

testOnJavas('what can’t be read or written as JSON is an error without frames', async (start) => {
  const parsing = await runOnce(start, 'zoo.Fails::needsNumber', 'x');
  const message = 'An error occurred during JSON parsing';
  const errorType = 'java.lang.RuntimeException';
  assert.deepEqual(parsing.body, { errorMessage: message, errorType, stackTrace: [] });
  assert.match(
    parsing.stdout,
    /Caused by: .*JsonException: Cannot deserialize value of type `java\.lang\.Number` from String value \(x\)/,
  );
  const writing = {
    errorMessage: 'An error occurred during JSON serialization of response',
    errorType,
    stackTrace: [],
  };
  const unreadable = await runOnce(start, 'zoo.Fails::unreadable', null);
  assert.deepEqual(unreadable.body, writing);
  assert.match(unreadable.stdout, /not now \(through reference chain: zoo\.Fails\$Unreadable\["name"\]\)/);
  for (const direct of [true, false]) {
    assert.deepEqual((await runOnce(start, 'zoo.Beans::cycle', direct)).body, writing);
  }
  assert.deepEqual((await runOnce(start, 'zoo.Beans::noDefault', {})).body, { ...(parsing.body as object) });
});

testOnJavas('a package of sources alone says what to upload', async (start) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-java-'));
  const told = async (name: string): Promise<string> => {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), '');
    const { body } = await runOnce(start, 'Hello', null, { taskRoot: folder });
    return (body as JavaError).errorMessage;
  };
  try {
    const because = "and no classes, and sources aren't built: upload the";
    assert.equal(
      await told('src/main/java/Hello.java'),
      `Class not found: Hello. The package holds sources ${because} classes that \`javac\` makes`,
    );
    assert.equal(
      await told('pom.xml'),
      `Class not found: Hello. The package holds a pom.xml ${because} jar that \`mvn package\` makes`,
    );
    assert.equal(await told('lib/other.jar'), 'Class not found: Hello');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

testOnJavas('bytes that are no JSON are no answer', async (start) => {
  const { body } = await runOnce(start, 'zoo.Shapes::noJson', 'a');
  assert.deepEqual(body, {
    errorMessage: 'Unable to marshal response: unexpected byte at 0',
    errorType: 'Runtime.MarshalError',
  });
});

testOnJavas('the message of an error is cut', async (start) => {
  const { body } = await runOnce(start, 'zoo.Fails::handle', 'large');
  assert.equal((body as JavaError).errorMessage.length, 256 * 1024);
});

/** Event, what of the error; the process then ends with status 1. */
const ends: [event: string, errorType: string, outOfMemory: boolean | undefined][] = [
  ['deep', 'java.lang.StackOverflowError', undefined],
  ['io', 'java.io.IOError', undefined],
  ['heap', 'java.lang.OutOfMemoryError', true],
];

testOnJavas('errors of the virtual machine are told and end the process', async (start) => {
  for (const [event, errorType, outOfMemory] of ends) {
    const runtime = await loaded(start, 'zoo.Fails::handle');
    const { body, head } = await runtime.run(event);
    assert.equal((body as JavaError).errorType, errorType);
    assert.deepEqual([head.fatal, head.outOfMemory], [true, outOfMemory]);
    assert.deepEqual(await runtime.exited, { code: 1, signal: null });
  }
});

testOnJavas('code that exits ends its process', async (start) => {
  for (const [event, code] of [
    ['exit', 3],
    ['exit well', 0],
    ['halt', 7],
  ] as const) {
    const runtime = await loaded(start, 'zoo.Fails::handle');
    assert.equal(await runtime.outcome(runtime.invoke(event)), null);
    assert.deepEqual(await runtime.exited, { code, signal: null });
  }
});

testOnJavas(
  'an exception in a thread is printed and the run goes on; no run is interrupted by the one before',
  async (start) => {
    const runtime = await loaded(start, 'zoo.Fails::handle');
    assert.equal((await runtime.run('thread')).body, 'thread');
    assert.match(
      runtime.stderr,
      /^Exception in thread "Thread-0" java\.lang\.IllegalStateException: in a thread\n/,
    );
    await runtime.run('interrupt');
    assert.equal((await runtime.run('asks')).body, 'false asks');
  },
);

testOnJavas('the context has every member of Lambda’s', async (start) => {
  const runtime = await loaded(start, 'zoo.Around::context');
  const { body } = await runtime.run();
  const { left, ...rest } = body as { left: number };
  assert.deepEqual(rest, {
    ...{ id: 'run-1', memory: 256, nothing: true },
    names: [
      ...['zoo', '$LATEST', 'arn:millrace:function:zoo', '/aws/lambda/zoo'],
      '2030/01/02/[$LATEST]0123456789abcdef0123456789abcdef',
    ],
  });
  assert.ok(left > 0 && left <= 60_000);
  const late = await runtime.outcome(runtime.invoke(null, Date.now() - 5_000));
  assert.ok(late !== null);
  assert.equal((late.body as { left: number }).left, 0);
});

testOnJavas('environment, time zone, encoding and loaders are as at Lambda', async (start) => {
  assert.deepEqual((await runOnce(start, 'zoo.Around::process')).body, {
    ...{ child: 'hello', encoding: 'UTF-8', greeting: 'hello', loader: true, parent: true },
    ...{ spaced: 'yes', zone: 'UTC' },
  });
  assert.equal((await runOnce(start, 'zoo.Around::resource')).body, 'of the code');
});

testOnJavas('static state lives on from run to run', async (start) => {
  const runtime = await loaded(start, 'zoo.Around::count');
  const counts: unknown[] = [];
  for (let n = 0; n < 3; n++) counts.push((await runtime.run()).body);
  assert.deepEqual(counts, [1, 2, 3]);
});

testOnJavas('what is printed is out and counted before the outcome', async (start) => {
  const runtime = await loaded(start, 'zoo.Around::prints');
  const { head } = await runtime.run();
  assert.equal(await runtime.stdoutUpTo(head.stdoutBytes), 'one 2\nno end ä\nb5\n');
  assert.equal(head.stderrBytes, 'error\n'.length);
});

testOnJavas('a flood waits for whoever reads it, and is whole', async (start) => {
  const runtime = await loaded(start, 'zoo.Around::floods');
  runtime.pauseStdout();
  const nonce = runtime.invoke(20_000);
  runtime.resumeStdout();
  const outcome = await runtime.outcome(nonce);
  assert.equal(outcome?.head.stdoutBytes, 2_000_000);
  assert.equal((await runtime.stdoutUpTo(2_000_000)).length, 2_000_000);
});

testOnJavas('the logger writes Lambda’s lines, or its JSON, and chooses among levels', async (start) => {
  const plain = await runOnce(start, 'zoo.Around::logs');
  assert.equal(plain.stdout, 'plain\nbytes\n[DEBUG] hidden\n[WARN] warned\nnull');
  const env = { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'info' };
  const { stdout } = await runOnce(start, 'zoo.Around::logs', null, { env });
  const [first, bytes, warned] = stdout.split('\n');
  assert.equal(bytes, 'bytes');
  const { timestamp, ...told } = JSON.parse(first ?? '') as { timestamp: string };
  assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual(told, { message: 'plain\n', level: 'UNDEFINED', AWSRequestId: 'run-1' });
  assert.equal((JSON.parse(warned ?? '') as { level: string }).level, 'WARN');
  assert.doesNotMatch(stdout, /hidden/);
});

testOnJavas('6 MB go in and out, and one byte more is too large', async (start) => {
  const limit = 6_291_556;
  const within = await runOnce(start, 'zoo.Around::large', limit - 2);
  assert.equal((within.body as string).length, limit - 2);
  const beyond = await runOnce(start, 'zoo.Around::large', limit - 1);
  assert.equal((beyond.body as ErrorObject).errorType, 'Function.ResponseSizeTooLarge');
  const event = { text: 'y'.repeat(6_000_000) };
  assert.deepEqual((await runOnce(start, 'zoo.Around::echo', event)).body, event);
});

testOnJavas('a serializer that the code brings makes its objects and answers', async (start) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-java-'));
  try {
    const service = 'META-INF/services/com.amazonaws.services.lambda.runtime.CustomPojoSerializer';
    cpSync(path.join(compiledHandlers(), 'zoo/Custom.class'), path.join(folder, 'zoo/Custom.class'));
    mkdirSync(path.join(folder, path.dirname(service)), { recursive: true });
    writeFileSync(path.join(folder, service), 'zoo.Custom\n');
    cpSync(path.join(compiledHandlers(), 'zoo'), path.join(folder, 'zoo'), { recursive: true });
    const { body } = await runOnce(start, 'zoo.Around::echo', { a: 1 }, { taskRoot: folder });
    assert.deepEqual(body, ["java.lang.Object {'a':1}"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

testOnJavas('the process ends when the server closes its end, and by a frame out of turn', async (start) => {
  const closed = await loaded(start, 'zoo.Around::echo');
  assert.deepEqual(await closed.close(), { code: 0, signal: null });
  const broken = await loaded(start, 'zoo.Around::echo');
  broken.send(FRAME.START, Buffer.alloc(8), Buffer.from('{}'));
  assert.deepEqual(await broken.exited, { code: 70, signal: null });
  assert.match(broken.stderr, /^millrace runtime: frame of type 1 while ready\n$/);
});
