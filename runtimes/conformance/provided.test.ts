// Lambda's Runtime API as a program sees it (docs/specs/lambda.md section 2). The program, in JavaScript,
// does what its event says.
import assert from 'node:assert/strict';
import { folderOf, provided } from './programs.ts';

/**
 * Calls the API, and says what came of it: `call(method, path, body, headers)` -> [status, headers, text].
 */
const PROGRAM = `#!${process.execPath}
const http = require('node:http');
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true });
const call = (method, path, body, headers = {}, trailers) => new Promise((resolve, reject) => {
  const options = { host, port, method, path: '/2018-06-01/runtime' + path, headers, agent };
  const request = http.request(options, async (answer) => {
    const chunks = [];
    for await (const chunk of answer) chunks.push(chunk);
    resolve([answer.statusCode, answer.headers, Buffer.concat(chunks).toString()]);
  });
  request.on('error', reject);
  if (trailers) { request.write(body); request.addTrailers(trailers); request.end(); }
  else request.end(body);
});
const next = () => call('GET', '/invocation/next');
const respond = (id, body, headers) => call('POST', '/invocation/' + id + '/response', body, headers);
const fail = (id, body, headers) => call('POST', '/invocation/' + id + '/error', body, headers);
`;

/** Goes on for ever; `act` has the event, its id and what came with it. */
const looping = (act: string): string => `${PROGRAM}
(async () => {
  for (;;) {
    const [status, headers, text] = await next();
    const id = headers['lambda-runtime-aws-request-id'];
    const event = JSON.parse(text);
    ${act}
  }
})();`;

provided(
  'a program gets event, id, deadline, function and trace, and its response is the result',
  async (start) => {
    const runtime = start(looping('await respond(id, JSON.stringify({ status, headers, event }));'));
    assert.equal((await runtime.ready()).engine, 'provided');
    const deadlineMs = Date.now() + 5_000;
    const outcome = await runtime.outcome(runtime.invoke({ a: 'é' }, deadlineMs));
    assert.ok(outcome !== null);
    const { status, headers, event } = outcome.body as {
      status: number;
      headers: Record<string, string>;
      event: unknown;
    };
    assert.deepEqual([status, event], [200, { a: 'é' }]);
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers['lambda-runtime-aws-request-id'], 'run-1');
    assert.equal(headers['lambda-runtime-deadline-ms'], String(deadlineMs));
    assert.equal(headers['lambda-runtime-invoked-function-arn'], 'arn:millrace:function:zoo');
    assert.match(headers['lambda-runtime-trace-id'] ?? '', /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Sampled=0$/);
    assert.deepEqual((await runtime.run('again')).ok, true);
  },
);

provided(
  'the environment is the function’s and the API’s address, the folder is the code’s',
  async (start) => {
    const runtime = start(looping('await respond(id, JSON.stringify([process.env, process.cwd()]));'));
    await runtime.ready();
    const [environment, folder] = (await runtime.run()).body as [Record<string, string>, string];
    const { AWS_LAMBDA_RUNTIME_API: address, ...rest } = environment;
    assert.match(address ?? '', /^127\.0\.0\.1:\d+$/);
    assert.deepEqual(rest, { PATH: '/usr/bin:/bin', GREETING: 'hello', 'WITH SPACE': 'yes' });
    assert.match(folder, /millrace-provided-/);
  },
);

provided(
  'an error is told as the program says it; its type is a known one where nothing else is said',
  async (start) => {
    const runtime = start(looping('await fail(id, event.body, event.headers);'));
    await runtime.ready();
    const fails = async (body: string, headers = {}) => {
      const { ok, body: error } = await runtime.run({ body, headers });
      return [ok, error];
    };
    const error = { errorType: 'SaleError', errorMessage: 'no such sale', stackTrace: ['a', 'b'] };
    assert.deepEqual(await fails(JSON.stringify(error)), [false, error]);
    const typed = { 'Lambda-Runtime-Function-Error-Type': 'Runtime.Oops' };
    assert.deepEqual(await fails('', typed), [false, { errorType: 'Runtime.Oops', errorMessage: '' }]);
    const odd = { 'Lambda-Runtime-Function-Error-Type': 'odd' };
    assert.deepEqual(await fails('[1]', odd), [false, { errorType: 'Function.Unknown', errorMessage: '' }]);
  },
);

provided(
  'what comes at the wrong time or for another invocation is refused, and changes nothing',
  async (start) => {
    const runtime = start(
      looping(`
    const told = [
      await next(),
      await respond('other', '1'),
      await call('POST', '/invocation/' + id + '/response', '1', { 'Lambda-Runtime-Function-Response-Mode': 'odd' }),
      await call('GET', '/invocation'),
      await call('PUT', '/invocation/next'),
    ].map(([status, , text]) => [status, JSON.parse(text).errorType]);
    await respond(id, JSON.stringify([told, global.late]));
    global.late = [await respond(id, '2'), await fail(id, '{}')].map(([status, , text]) => [status, JSON.parse(text).errorType]);`),
    );
    await runtime.ready();
    const refused = [
      [403, 'InvalidStateTransition'],
      [400, 'InvalidRequestID'],
      [400, 'InvalidResponseMode'],
      [404, 'NotFound'],
      [404, 'NotFound'],
    ];
    const late = [
      [403, 'InvalidStateTransition'],
      [403, 'InvalidStateTransition'],
    ];
    assert.deepEqual((await runtime.run()).body, [refused, null]);
    assert.deepEqual((await runtime.run()).body, [refused, late]);
  },
);

provided(
  'a response that is accepted is answered with 202; one that is too large with 413, and fails the run',
  async (start) => {
    const runtime = start(
      looping(`
    const [code, , said] = await respond(id, JSON.stringify('x'.repeat(event)));
    console.log(code + ' ' + said);`),
    );
    await runtime.ready();
    const limit = 6_291_556;
    assert.equal(((await runtime.run(limit - 2)).body as string).length, limit - 2);
    const { body } = await runtime.run(limit - 1);
    assert.deepEqual((body as { errorType: string }).errorType, 'Function.ResponseSizeTooLarge');
    await runtime.run(1);
    await runtime.stdoutMatching(
      /202 \{"status":"OK"\}\n413 \{"errorType":"RequestEntityTooLarge","errorMessage":"Exceeded maximum allowed payload size \(6291556 bytes\)\."\}\n/,
    );
  },
);

provided('a response that is not JSON fails the run', async (start) => {
  const runtime = start(looping("await respond(id, 'hello');"));
  await runtime.ready();
  const { ok, body } = await runtime.run();
  assert.deepEqual(
    [ok, body],
    [false, { errorType: 'Function.ResponseNotJson', errorMessage: 'The response is not JSON.' }],
  );
});

provided(
  'a streamed response is gathered, with its status and headers, or fails by its trailers',
  async (start) => {
    const runtime = start(
      looping(`
    const mode = { 'Lambda-Runtime-Function-Response-Mode': 'streaming', 'Transfer-Encoding': 'chunked' };
    const prelude = JSON.stringify({ statusCode: 201, headers: { a: 'b' }, cookies: ['c=d'] }) + '\\0'.repeat(8);
    if (event === 'plain') await respond(id, '{"a":1}', mode);
    if (event === 'http') await respond(id, prelude + 'body', { ...mode, 'Content-Type': 'application/vnd.awslambda.http-integration-response' });
    if (event === 'broken') await call('POST', '/invocation/' + id + '/response', 'half', { ...mode, Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body' }, {
      'Lambda-Runtime-Function-Error-Type': 'Runtime.StreamError',
      'Lambda-Runtime-Function-Error-Body': Buffer.from('{"errorMessage":"cut"}').toString('base64'),
    });`),
    );
    await runtime.ready();
    assert.deepEqual((await runtime.run('plain')).body, { a: 1 });
    assert.deepEqual((await runtime.run('http')).body, {
      ...{ statusCode: 201, headers: { a: 'b' }, multiValueHeaders: { 'Set-Cookie': ['c=d'] } },
      ...{ body: Buffer.from('body').toString('base64'), isBase64Encoded: true },
    });
    const { ok, body } = await runtime.run('broken');
    assert.deepEqual([ok, body], [false, { errorType: 'Runtime.StreamError', errorMessage: 'cut' }]);
  },
);

provided('what the program has printed is passed on and counted before the outcome', async (start) => {
  const runtime = start(
    looping(`
    require('node:fs').writeSync(1, 'x'.repeat(event) + '\\n');
    require('node:fs').writeSync(2, 'error\\n');
    await respond(id, '1');`),
  );
  await runtime.ready();
  let expected = 0;
  for (const size of [10, 60_000, 5]) {
    const { head } = await runtime.run(size);
    expected += size + 1;
    assert.equal(head.stdoutBytes, expected);
    assert.equal((await runtime.stdoutUpTo(expected)).length, expected);
  }
  assert.equal(runtime.stderr, 'error\nerror\nerror\n');
});

provided('a program that says why it can’t begin fails to load with these words', async (start) => {
  const error = { errorType: 'Runtime.NoConfig', errorMessage: 'no key' };
  const runtime = start(`${PROGRAM}
call('POST', '/init/error', ${JSON.stringify(JSON.stringify(error))}).then(([status]) => process.exit(status === 202 ? 1 : 2));`);
  assert.deepEqual(await runtime.ready(), error);
  assert.deepEqual(await runtime.exited, { code: 1, signal: null });
});

for (const [what, act, end] of [
  ['exits', 'process.exit(7)', { code: 7, signal: null }],
  ['is killed', "process.kill(process.pid, 'SIGKILL')", { code: null, signal: 'SIGKILL' }],
  ['aborts', 'process.abort()', { code: null, signal: 'SIGABRT' }],
] as const) {
  provided(
    `a program that ${what} takes its sandbox along in the same way, its last words passed on`,
    async (start) => {
      const runtime = start(looping(`require('node:fs').writeSync(1, 'last words\\n'); ${act};`));
      await runtime.ready();
      assert.equal(await runtime.outcome(runtime.invoke(1)), null);
      assert.deepEqual(await runtime.exited, end);
      assert.equal(runtime.stdout, 'last words\n');
    },
  );
}

provided('an invocation that the program has not asked for stays unread', async (start) => {
  const runtime = start(`${PROGRAM}
next().then(async ([, headers]) => {
  await respond(headers['lambda-runtime-aws-request-id'], '1');
  setTimeout(() => process.exit(3), 300);
});`);
  await runtime.ready();
  assert.equal((await runtime.run()).body, 1);
  assert.equal(await runtime.outcome(runtime.invoke('second')), null);
  assert.deepEqual(await runtime.exited, { code: 3, signal: null });
});

provided('a client that gives up waiting may ask again, and gets the next invocation', async (start) => {
  const runtime = start(`${PROGRAM}
// Twice before each: who gives up while the invocation is under way loses it.
const impatient = (timeout) => new Promise((resolve, reject) => {
  const request = http.get({ host, port, path: '/2018-06-01/runtime/invocation/next', agent: false, timeout });
  request.on('timeout', () => request.destroy());
  request.on('error', () => resolve(null));
  request.on('response', async (answer) => {
    for await (const _ of answer);
    resolve(answer.headers['lambda-runtime-aws-request-id']);
  });
});
(async () => {
  for (let given = 0, most = 2; ; ) {
    const id = await impatient(given < most ? 50 : 0);
    if (id === null) given += 1;
    else {
      await respond(id, String(given));
      most = given + 2;
    }
  }
})();`);
  await runtime.ready();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  assert.equal((await runtime.run()).body, 2);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  assert.equal((await runtime.run()).body, 4);
});

for (const [what, settings, said] of [
  ['is not there', { taskRoot: () => folderOf('other', '') }, /it is not there$/],
  [
    'is not executable',
    { taskRoot: () => folderOf('bootstrap', '', 0o644) },
    /it is not executable: set its mode to 755/,
  ],
  [
    'lies elsewhere',
    {
      taskRoot: () => folderOf('main', ''),
      handler: '../../bin/true',
      env: { AWS_EXECUTION_ENV: 'AWS_Lambda_go1.x' },
    },
    /it lies outside of the function$/,
  ],
] as const) {
  provided(`a program that ${what} is said to be so`, async (start) => {
    const runtime = start('', { ...settings, taskRoot: settings.taskRoot() });
    const told = await runtime.ready();
    assert.equal(told.errorType, 'Runtime.InvalidEntrypoint');
    assert.match(told.errorMessage ?? '', said);
  });
}

provided('go1.x runs the program that the handler names', async (start) => {
  const taskRoot = folderOf('main', looping('await respond(id, \'"main"\');'));
  const runtime = start('', { taskRoot, handler: 'main', env: { AWS_EXECUTION_ENV: 'AWS_Lambda_go1.x' } });
  await runtime.ready();
  assert.equal((await runtime.run()).body, 'main');
});
