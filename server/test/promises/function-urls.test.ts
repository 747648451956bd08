// What callers of function URLs get: through the public port, with real jails.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { noJails } from './start-millrace.ts';
import {
  addTrigger,
  customer,
  errorOf,
  FAR_OFF,
  here,
  millrace,
  openTriggerScene,
  post,
  runBehind,
  send,
  statusIs,
  type TriggerView,
  teller,
} from './trigger-scene.ts';

const skip = noJails();

before(async () => {
  if (skip === false) await openTriggerScene();
});
after(() => millrace?.close());

describe('a function URL', { skip }, () => {
  let echo: TriggerView;
  before(async () => {
    const fn = await customer.uploadCode(
      `exports.handler = async (event) => {
         const { way = '' } = event.queryStringParameters ?? {};
         if (way === 'throw') throw new Error('the secret of the house');
         if (way === 'hang') await new Promise(() => setInterval(() => {}, 1000));
         if (way === 'malformed') return 'no response';
         const { httpMethod, body } = event;
         return { statusCode: 201, headers: { 'X-Own': 'yes', 'content-type': 'text/plain' }, body: httpMethod + ' ' + body };
       };`,
    );
    await customer.settings(fn, { timeout_ms: 1_000 });
    echo = await addTrigger({ function_id: fn.id, kind: 'function_url' });
    assert.match(echo.url, /\/fn\/[0-9a-f-]{36}$/);
  });

  test('is answered by the run, on GET and POST', async () => {
    const posted = await send(echo, { body: 'hello' });
    assert.deepEqual([posted.status, await posted.text()], [201, 'POST hello']);
    assert.deepEqual(
      [posted.headers.get('x-own'), posted.headers.get('content-type')],
      ['yes', 'text/plain'],
    );
    assert.ok(posted.headers.get('x-run-id'));
    const got = await send(echo, { method: 'GET' });
    assert.deepEqual([got.status, await got.text()], [201, 'GET null']);
  });

  test('answers HEAD as GET without the body, OPTIONS by itself without CORS, others with 405', async () => {
    const head = await send(echo, { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers.get('content-length'), await head.text()], [201, '8', '']);
    const options = await send(echo, { method: 'OPTIONS' });
    assert.deepEqual([options.status, options.headers.get('access-control-allow-origin')], [204, null]);
    assert.equal((await send(echo, { method: 'PUT' })).status, 405);
  });

  for (const [way, status, code] of [
    ['throw', 502, 'function_failed'],
    ['malformed', 502, 'function_failed'],
    ['hang', 504, 'function_timed_out'],
  ] as const) {
    test(`whose function does ${way} answers ${status} as JSON that gives nothing away`, async () => {
      const answer = await fetch(`${here(echo)}?way=${way}`);
      assert.equal(answer.status, status);
      const text = await answer.text();
      assert.equal((JSON.parse(text) as { error: { code: string } }).error.code, code);
      assert.ok(!/secret of the house|\.js:/.test(text));
      assert.equal((await runBehind(answer)).response_status, status);
    });
  }

  test('with an allow-list refuses others; a webhook’s address is none of its', async () => {
    const closed = await addTrigger({ kind: 'function_url', settings: { allowed_ips: [FAR_OFF] } });
    assert.equal((await send(closed)).status, 403);
    const hook = await addTrigger({ kind: 'webhook' });
    const address = new URL(hook.url).pathname.replace('/hook/', '/fn/');
    assert.equal((await fetch(`${millrace.url}${address}`)).status, 404);
  });

  test('goes by a changed allow-list from the answer on', async () => {
    const url = await addTrigger({ kind: 'function_url' });
    const change = async (allowed: string[] | null): Promise<void> => {
      const { path, init } = post(`/millrace/v1/triggers/${url.id}`, { settings: { allowed_ips: allowed } });
      await customer.json(path, { ...init, method: 'PATCH' });
    };
    for (let round = 0; round < 40; round += 1) {
      const others = [1, 2, 3, 4].map(() => send(url).then((answer) => answer.arrayBuffer()));
      await change(round % 2 === 0 ? [FAR_OFF] : null);
      await statusIs(url, round % 2 === 0 ? 403 : 200);
      await Promise.all(others);
    }
  });

  test('whose function is disabled answers 403 as JSON', async () => {
    const fn = await customer.uploadCode(`exports.handler = async () => ({ statusCode: 200, body: '' });`);
    const url = await addTrigger({ function_id: fn.id, kind: 'function_url' });
    assert.equal((await send(url)).status, 200);
    await customer.settings(fn, { enabled: false });
    const answer = await send(url);
    assert.equal(answer.status, 403);
    assert.equal((await errorOf(answer)).code, 'function_disabled');
  });

  test('that is paused answers 503 with Retry-After until it is resumed', async () => {
    const url = await addTrigger({ kind: 'function_url' });
    await customer.json(`/millrace/v1/triggers/${url.id}/pause`, { method: 'POST' });
    await statusIs(url, 503);
    assert.ok(Number((await send(url)).headers.get('retry-after')) >= 1);
    await customer.json(`/millrace/v1/triggers/${url.id}/resume`, { method: 'POST' });
    await statusIs(url, 200);
  });

  test('can’t be put off', async () => {
    const { path, init } = post('/millrace/v1/triggers', {
      ...{ function_id: teller.id, kind: 'function_url', delay_ms: 300_000 },
    });
    assert.equal((await customer.request(path, init)).status, 400);
  });
});
