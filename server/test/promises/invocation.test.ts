// What a caller of a function gets, by the contract of /func/v1: through the public port, with real jails.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { hangBell, RING } from './bell.ts';
import { Customer, type HostedFunction, zipOf } from './customer.ts';
import { processOf } from './remains.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const LIMIT_BYTES = 6_291_556;

let millrace: Millrace;
let customer: Customer;
let echo: HostedFunction;

before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  customer = new Customer(millrace);
  echo = await customer.uploadCode(
    `exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify({ event, env: process.env }) });`,
    { variables: { GREETING: 'hello' } },
  );
});
after(() => millrace?.close());

async function tokenWith(permissions: unknown[], test_ = false): Promise<string> {
  const { token } = await customer.json<{ token: string }>(`/api/v1/auths/secret?test=${test_}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ permissions }),
  });
  return token;
}

async function eventOf(init: RequestInit, query = ''): Promise<Record<string, never>> {
  const answer = await customer.request(`${echo.invokeUrl}${query}`, init);
  assert.equal(answer.status, 200);
  return ((await answer.json()) as { event: Record<string, never> }).event;
}

for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
  test(`${method} reaches the function with a token that may only create executions`, { skip }, async () => {
    const token = await tokenWith([
      { resource: 'hosted_function_executions', methods: ['create'], allow: true },
    ]);
    const answer = await new Customer(millrace, token).call(echo, { method });
    assert.equal(answer.status, 200);
    const { event } = (await answer.json()) as { event: Record<string, unknown> };
    assert.equal(event.httpMethod, method);
    assert.equal(event.path, `/func/v1/${echo.id}`);
    assert.equal(event.body, null);
    assert.ok(!JSON.stringify(event).includes(token));
  });
}

test('header spelling, query and body arrive as sent', { skip }, async () => {
  const body = JSON.stringify({ data: 'ü' });
  const init = { method: 'POST', body, headers: { 'X-My-Header': 'my-custom-value' } };
  const event = await eventOf(init, '?this=that&more=stuff');
  assert.deepEqual(event.queryStringParameters, { this: 'that', more: 'stuff' });
  assert.equal(event.body, body);
  assert.equal(event.isBase64Encoded, false);
  const bytes = await eventOf({ method: 'POST', body: new Uint8Array([0, 255, 1]) });
  assert.deepEqual([bytes.body, bytes.isBase64Encoded], ['AP8B', true]);
});

test('variables stand in the environment beside Lambda’s own', { skip }, async () => {
  const { env } = (await (await customer.call(echo)).json()) as { env: Record<string, string> };
  assert.equal(env.GREETING, 'hello');
  assert.equal(env._HANDLER, 'index.handler');
  assert.equal(env.AWS_EXECUTION_ENV, 'AWS_Lambda_nodejs20.x');
  assert.deepEqual(
    Object.keys(env).filter((name) => name.startsWith('MILLRACE')),
    [],
  );
});

test('a wrong token is 401, one without the permission 403, an unknown function 404', { skip }, async () => {
  const refusal = async (answer: Response): Promise<[number, string]> => {
    const { error } = (await answer.json()) as { error: { status: number; code: string; reference: string } };
    assert.equal(error.status, answer.status);
    await millrace.printed(new RegExp(error.reference));
    return [answer.status, error.code];
  };
  assert.deepEqual(await refusal(await fetch(echo.invokeUrl)), [401, 'invalid_token']);
  const wrong = await new Customer(millrace, 'wrong-token-wrong-token').call(echo);
  assert.deepEqual(await refusal(wrong), [401, 'invalid_token']);
  const reader = await tokenWith([{ resource: 'hosted_functions', methods: ['*'], allow: true }]);
  const lacking = await new Customer(millrace, reader).call(echo);
  assert.deepEqual(await refusal(lacking), [403, 'insufficient_permissions']);
  const unknown = await customer.request('/func/v1/0118109048334HfN3oRTa6');
  assert.deepEqual(await refusal(unknown), [404, 'resource_not_found']);
});

test('a function of the live world is not there for a test token', { skip }, async () => {
  const token = await tokenWith([{ resource: '*', methods: ['*'], allow: true }], true);
  assert.match(token, /\.test\./);
  const other = new Customer(millrace, token);
  assert.equal((await other.call(echo)).status, 404);
  const own = await other.uploadCode(
    `exports.handler = async (e) => ({ statusCode: 200, body: e.headers['X-Test'] });`,
  );
  assert.equal(await (await other.call(own)).text(), 'true');
  assert.equal((await customer.call(own)).status, 404);
});

const FAULTS: [string, string, string, string][] = [
  ['an error given to the callback', `(e, c, cb) => cb('Customer not found.')`, 'failed', 'string'],
  ['a throw', `() => { throw new TypeError('no') }`, 'failed', 'TypeError'],
  ['a rejection', `async () => { throw new RangeError('no') }`, 'failed', 'RangeError'],
  ['an exit', `() => process.exit(3)`, 'crashed', 'Runtime.ExitError'],
  [
    'a response of another shape',
    `async () => ({ statusCode: 200, body: { a: 1 } })`,
    'failed',
    'Function.MalformedResponse',
  ],
  ['no response', `(e, c, cb) => cb(null)`, 'failed', 'Function.MalformedResponse'],
  [
    'a response over the limit',
    `async () => ({ statusCode: 200, body: 'x'.repeat(${LIMIT_BYTES}) })`,
    'failed',
    'Function.ResponseSizeTooLarge',
  ],
  [
    'too much memory',
    `() => { const all = []; for (;;) all.push(Buffer.alloc(1e6, 1)); }`,
    'out_of_memory',
    'Runtime.OutOfMemory',
  ],
  [
    'a heap that is full',
    `() => { const all = []; for (;;) all.push({ a: [all.length] }); }`,
    'out_of_memory',
    'Runtime.OutOfMemory',
  ],
];
for (const [name, handler, status, type] of FAULTS) {
  test(`${name} is 502 for the caller and told in the run`, { skip }, async () => {
    const fn = await customer.uploadCode(`exports.handler = ${handler};`);
    const answer = await customer.call(fn);
    assert.equal(answer.status, 502);
    assert.equal(await answer.text(), '{"message": "Internal server error"}');
    const run = await customer.runOf(answer);
    assert.deepEqual([run.status, run.error?.type, run.response_status], [status, type, 502]);
  });
}

test('a run over its time limit is killed from outside, also when it never yields', { skip }, async () => {
  const fn = await customer.uploadCode(`exports.handler = () => { console.log('spinning'); for (;;); };`);
  await customer.settings(fn, { timeout_ms: 500 });
  const answer = await customer.call(fn);
  assert.equal(answer.status, 502);
  const run = await customer.runOf(answer);
  assert.equal(run.status, 'timed_out');
  assert.ok(run.duration_ms >= 500);
  const log = await customer.logOf(run);
  assert.match(log[1] ?? '', /INFO\tspinning$/);
  assert.match(log.at(-1) ?? '', /Task timed out after 0\.50 seconds$/);
});

test('a response of exactly the limit passes', { skip }, async () => {
  const envelope = JSON.stringify({ statusCode: 200, body: '' }).length;
  const fn = await customer.uploadCode(
    `exports.handler = async () => ({ statusCode: 200, body: 'x'.repeat(${LIMIT_BYTES - envelope}) });`,
  );
  const answer = await customer.call(fn);
  assert.equal(answer.status, 200);
  assert.equal((await answer.text()).length, LIMIT_BYTES - envelope);
});

test('a request over the limit is 413 in the envelope, one of exactly the limit passes', {
  skip,
}, async () => {
  const length = await customer.uploadCode(
    `exports.handler = async (e) => ({ statusCode: 200, body: String(e.body.length) });`,
  );
  const over = await customer.call(length, { method: 'POST', body: 'x'.repeat(LIMIT_BYTES + 1) });
  assert.equal(over.status, 413);
  assert.equal(((await over.json()) as { error: { code: string } }).error.code, 'payload_too_large');
  const exact = await customer.call(length, { method: 'POST', body: 'x'.repeat(LIMIT_BYTES) });
  assert.equal(await exact.text(), String(LIMIT_BYTES));
});

test('status, headers and cookies are the function’s', { skip }, async () => {
  const fn = await customer.uploadCode(`exports.handler = async () => ({
    statusCode: 418, headers: { 'Content-Type': 'text/x-tea' }, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
    body: Buffer.from([1, 255]).toString('base64'), isBase64Encoded: true });`);
  const answer = await customer.call(fn);
  assert.equal(answer.status, 418);
  assert.equal(answer.headers.get('content-type'), 'text/x-tea');
  assert.deepEqual(answer.headers.getSetCookie(), ['a=1', 'b=2']);
  assert.deepEqual([...new Uint8Array(await answer.arrayBuffer())], [1, 255]);
});

test('a zip without the handler’s file is accepted, and the run says what is missing', { skip }, async () => {
  const fn = await customer.uploadCode('exports.handler = async () => null;', { handler: 'other.handler' });
  const run = await customer.runOf(await customer.call(fn));
  assert.deepEqual([run.status, run.error?.type], ['failed', 'Runtime.ImportModuleError']);
});

test('a retired runtime runs on the oldest Node there is, and the function says so', { skip }, async () => {
  const fn = await customer.uploadCode(
    'exports.handler = async () => ({ statusCode: 200, body: process.version });',
    { environment: 'nodejs6.10' },
  );
  assert.match(await (await customer.call(fn)).text(), /^v18\./);
  const { engine } = await customer.json<{ engine: object }>(`/api/v1/hosted_functions/${fn.id}`);
  assert.deepEqual(
    { ...engine, version: String((engine as { version: string }).version).split('.')[0] },
    { name: 'node', version: '18', substituted: true },
  );
});

test('overlapping calls run beside each other, never two in one instance', { skip }, async () => {
  const fn = await customer.uploadCode(`let busy = false; exports.handler = async () => {
    if (busy) return { statusCode: 500 };
    busy = true; await new Promise((r) => setTimeout(r, 50)); busy = false;
    return { statusCode: 200 }; };`);
  const answers = await Promise.all(Array.from({ length: 12 }, () => customer.call(fn)));
  assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [200]);
});

test('new code takes over without a failed call', { skip }, async () => {
  const code = (word: string): string =>
    `exports.handler = async () => ({ statusCode: 200, body: '${word}' });`;
  const fn = await customer.uploadCode(code('old'));
  const seen = new Set<string>();
  let isReplaced = false;
  const calling = (async () => {
    while (!seen.has('new')) {
      const mustBeNew = isReplaced;
      const answer = await customer.call(fn);
      assert.equal(answer.status, 200);
      const word = await answer.text();
      assert.ok(word === 'new' || !mustBeNew, 'old code ran after its replacement was answered');
      seen.add(word);
    }
  })();
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(zipOf({ 'index.js': code('new') }))]), 'new.zip');
  const answer = await customer.request(`/api/v1/hosted_functions/${fn.id}`, { method: 'POST', body: form });
  isReplaced = answer.ok;
  await calling;
  assert.ok(isReplaced);
});

test('one function may call another through the public address, with a token like anybody', {
  skip,
}, async () => {
  const caller = await customer.uploadCode(
    `exports.handler = async (event) => {
      const answer = await fetch(process.env.TARGET, { headers: { authorization: 'Bearer ' + process.env.TOKEN } });
      return { statusCode: answer.status, body: String(Object.keys((await answer.json()).event).length) };
    };`,
    { variables: { TARGET: echo.invokeUrl, TOKEN: millrace.token } },
  );
  const answer = await customer.call(caller);
  assert.equal(answer.status, 200);
  assert.ok(Number(await answer.text()) > 5);
});

test('a caller who goes away in the middle harms nobody', { skip }, async () => {
  const fn = await customer.uploadCode(
    `exports.handler = async () => { await new Promise((r) => setTimeout(r, 300)); return { statusCode: 200 }; };`,
  );
  const { port } = new URL(millrace.url);
  const socket = net.connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`GET /func/v1/${fn.id}?token=${millrace.token} HTTP/1.1\r\nHost: x\r\n\r\n`);
  socket.destroy();
  assert.equal((await customer.call(fn)).status, 200);
});

test('the API describes itself, and every address that it describes is served', { skip }, async () => {
  const document = await customer.json<{ paths: Record<string, Record<string, object>> }>(
    '/millrace/v1/openapi.json',
  );
  const paths = Object.entries(document.paths);
  assert.ok(paths.length >= 7);
  for (const [path, methods] of paths) {
    const concrete = path.replace('{number}', '1').replace('{id}', echo.id);
    for (const method of Object.keys(methods)) {
      const answer = await new Customer(millrace, 'no-such-token-at-all').request(`/millrace/v1${concrete}`, {
        method: method.toUpperCase(),
      });
      assert.equal(answer.status, 401, `${method} ${path}`);
    }
  }
});

test('every query parameter that the API describes is read, and refused by its name', { skip }, async () => {
  type Operation = { parameters: { name: string; in: string }[] };
  const document = await customer.json<{ paths: Record<string, { get?: Operation }> }>(
    '/millrace/v1/openapi.json',
  );
  const tooLong = 'x'.repeat(201);
  const read: string[] = [];
  for (const [path, { get }] of Object.entries(document.paths)) {
    for (const { name, in: place } of get?.parameters ?? []) {
      // Lists below one thing are asked for only where that is there.
      if (place !== 'query' || path.includes('{')) continue;
      // People's sessions are served at the console's host alone.
      if (path.startsWith('/session/')) continue;
      const answer = await customer.request(`/millrace/v1${path}?${name}=${tooLong}`);
      const text = await answer.text();
      assert.equal(answer.status, 400, `${path} ${name}: ${text}`);
      assert.equal((JSON.parse(text) as { error: { field: string } }).error.field, name, text);
      read.push(`${path} ${name}`);
    }
  }
  for (const known of [
    ...[
      '/runs status',
      '/runs function_id',
      '/events state',
      '/events notation',
      '/triggers kind',
      '/runs limit',
    ],
    ...[
      '/dead-letters error_type',
      '/dead-letters state',
      '/flow-runs flow_id',
      '/template-mails template_id',
    ],
    ...['/query-executions query_id'],
  ]) {
    assert.ok(read.includes(known), `${known} is described: ${read.join(', ')}`);
  }
});

test('versions are listed, and an older one can be made the active one again', { skip }, async () => {
  const code = (word: string): string =>
    `exports.handler = async () => ({ statusCode: 200, body: '${word}' });`;
  const fn = await customer.uploadCode(code('first'));
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(zipOf({ 'index.js': code('second') }))]), 'second.zip');
  await customer.json(`/api/v1/hosted_functions/${fn.id}`, { method: 'POST', body: form });
  assert.equal(await (await customer.call(fn)).text(), 'second');
  const { data } = await customer.json<{ data: { number: number; active: boolean }[] }>(
    `/millrace/v1/functions/${fn.id}/versions`,
  );
  assert.deepEqual(
    data.map(({ number, active }) => [number, active]),
    [
      [2, true],
      [1, false],
    ],
  );
  await customer.json(`/millrace/v1/functions/${fn.id}/versions/1/activate`, { method: 'POST' });
  assert.equal(await (await customer.call(fn)).text(), 'first');
});

test('what is printed between two runs is in the log of the run before', { skip }, async () => {
  const bell = await hangBell(customer);
  const fn = await customer.uploadCode(
    `let k = 0; exports.handler = (event, context, callback) => {
      const run = ++k; context.callbackWaitsForEmptyEventLoop = false;
      setTimeout(() => { console.log('stray of run ' + run); ${RING}; }, 50);
      callback(null, { statusCode: 200 }); };`,
    { variables: bell.variables },
  );
  const first = await customer.call(fn);
  await bell.rung();
  const second = await customer.call(fn);
  const strays = async (answer: Response): Promise<string[]> =>
    (await customer.logOf(await customer.runOf(answer))).filter((line) => line.includes('stray'));
  const giveUpAt = Date.now() + 20_000;
  while ((await strays(first)).length === 0 && Date.now() < giveUpAt) await customer.runOf(second);
  assert.match((await strays(first)).join(), /stray of run 1$/);
  assert.ok(!(await strays(second)).join().includes('run 1'));
});

test('a run whose sandbox the platform loses is retried once by itself', { skip }, async () => {
  const bell = await hangBell(customer);
  const fn = await customer.uploadCode(
    `exports.handler = async () => {
      ${RING}; await new Promise((r) => setTimeout(r, 3_000)); return { statusCode: 200, body: 'done' }; };`,
    { variables: bell.variables },
  );
  const calling = customer.call(fn);
  await bell.rung();
  process.kill(processOf(millrace, 'supervise'), 'SIGKILL');
  const answer = await calling;
  assert.equal(answer.status, 200);
  const run = await customer.runOf(answer);
  assert.deepEqual([run.status, run.attempts], ['succeeded', 2]);
});
