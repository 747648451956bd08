// What callers of an endpoint get after a site has moved here from HubSpot: which calls reach it, what it
// answers, and what they learn of one that fails. Through the public port, with real jails.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Customer } from './customer.ts';
import { type MovedSite, openMovedSite, refusalOf, SECRET } from './moved-site.ts';
import type { Site } from './site.ts';
import { type Millrace, noJails } from './start-millrace.ts';

const skip = noJails();

let moved: MovedSite;
let millrace: Millrace;
let site: Site;
let customer: Customer;

before(async () => {
  if (skip !== false) return;
  moved = await openMovedSite();
  ({ millrace, site, customer } = moved);
});
after(async () => {
  await moved?.close();
});

describe('an endpoint', { skip }, () => {
  test('answers without a token, as a page, with its query', async () => {
    const answer = await site.call('getparam?name=Ann');
    assert.deepEqual([answer.status, await answer.text()], [200, 'Hello Ann of 1001']);
    assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8');
  });

  for (const path of [
    '/_hcms/api/GetParam?name=Ann',
    '/_hcms/api/getparam/?name=Ann',
    '/hs/serverless/getparam?name=Ann',
    '/_hcms/api/getparam?name=Ann&portalid=1001',
    '/_hcms/api/getparam?name=Ann&portalId=4711',
  ]) {
    test(`answers at ${path}`, async () => {
      const answer = await fetch(`${millrace.url}${path}`);
      assert.deepEqual([answer.status, await answer.text()], [200, 'Hello Ann of 1001']);
    });
  }

  test('runs for HEAD where it takes GET, and sends no body', async () => {
    const answer = await site.call('getparam?name=Ann', { method: 'HEAD' });
    assert.deepEqual([answer.status, await answer.text()], [200, '']);
    assert.equal(answer.headers.get('content-length'), String('Hello Ann of 1001'.length));
  });

  test('that does not take a method says which ones it takes', async () => {
    const answer = await site.call('getparam', { method: 'DELETE' });
    assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'GET, HEAD, OPTIONS']);
    assert.equal((await refusalOf(answer)).category, 'METHOD_NOT_ALLOWED');
  });

  test('that is not there is 404 as JSON, and a mistyped address is no fault of ours', async () => {
    for (const path of ['nothing', '', 'a%2F..%2Fgetparam', 'getparam/more', '%00', 'getparam%2Fx']) {
      const answer = await site.call(path);
      assert.equal(answer.status, 404, path);
      assert.equal((await refusalOf(answer)).category, 'OBJECT_NOT_FOUND');
    }
    assert.equal((await site.call('%zz')).status, 400);
  });

  test('that refuses a call before its body has come tells so, also where the connection ends with the answer', async () => {
    const { hostname, port } = new URL(millrace.url);
    const socket = connect(Number(port), hostname);
    const send = (part: Buffer | string): Promise<void> =>
      new Promise((resolve, reject) => {
        socket.write(part, (error) => (error instanceof Error ? reject(error) : resolve()));
      });
    const part = Buffer.alloc(64 * 1024, 'a');
    const parts = 80;
    await send(
      `POST /_hcms/api/nothing HTTP/1.0\r\nHost: a\r\nContent-Length: ${parts * part.length}\r\n\r\n`,
    );
    for (let sent = 0; sent < parts; sent += 1) await send(part);
    let text = '';
    for await (const chunk of socket) text += chunk;
    assert.match(text, /^HTTP\/1\.1 404 /);
    assert.match(text, /there is no endpoint nothing/);
  });

  test('has its run written with its end as soon as it has nothing left to do', async () => {
    for (let calls = 0; calls < 3; calls += 1) {
      const answer = await site.call('counter');
      await answer.arrayBuffer();
      const answeredAt = Date.now();
      await customer.runOf(answer);
      assert.ok(Date.now() - answeredAt < 9_000, 'before its time limit of ten seconds');
    }
  });

  test('keeps what its module remembers from one call to the next', async () => {
    const count = async () => ((await (await site.call('counter')).json()) as { calls: number }).calls;
    const first = await count();
    assert.equal(await count(), first + 1);
  });
});

describe('a response', { skip }, () => {
  test('is the first that is sent, and what comes after it is done', async () => {
    const answer = await site.call('twice');
    assert.deepEqual([answer.status, await answer.text()], [403, 'no password']);
    const run = await customer.runOf(answer);
    assert.match((await customer.logOf(run)).join('\n'), /done afterwards/);
  });

  test('sets several cookies', async () => {
    assert.deepEqual((await site.call('cookies')).headers.getSetCookie(), ['a=1; Path=/', 'b=2; HttpOnly']);
  });

  test('sets a cookie that stands beside the body, as in the documentation', async () => {
    const [cookie] = (await site.call('cookie')).headers.getSetCookie();
    assert.match(cookie ?? '', /^myCookie=12345; expires=/);
  });

  test('redirects', async () => {
    const answer = await site.call('redirect');
    assert.deepEqual([answer.status, answer.headers.get('location')], [301, 'https://www.example.com/']);
  });

  test('is bytes where the body is a Buffer, with a status that is digits', async () => {
    const answer = await site.call('bytes');
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [201, 'image/png']);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), Buffer.from([137, 80, 78, 71]));
  });

  test('is what is returned, as projects do', async () => {
    const answer = await site.call('returns?id=9');
    assert.deepEqual([answer.status, await answer.json()], [202, { id: ['9'] }]);
  });
});

describe('a function that fails', { skip }, () => {
  for (const [how, status, category, run] of [
    ['throw', 500, 'FUNCTION_ERROR', 'failed'],
    ['reject', 500, 'FUNCTION_ERROR', 'failed'],
    ['exit', 500, 'FUNCTION_ERROR', 'crashed'],
    ['silent', 500, 'FUNCTION_ERROR', 'failed'],
    ['status', 500, 'FUNCTION_ERROR', 'failed'],
    ['split', 500, 'FUNCTION_ERROR', 'failed'],
    ['large', 502, 'RESPONSE_TOO_LARGE', 'failed'],
    ['hang', 504, 'FUNCTION_TIMEOUT', 'timed_out'],
  ] as const) {
    test(`by ${how} is ${status} for the caller, who learns nothing of it`, async () => {
      const answer = await site.call(`throws?how=${how}`);
      const text = await answer.clone().text();
      const refusal = await refusalOf(answer);
      assert.deepEqual([answer.status, refusal.category], [status, category]);
      assert.doesNotMatch(text, /secret is|private detail|\/var\/task|at /);
      assert.equal(answer.headers.get('set-cookie'), null);
      const found = await customer.runOf(answer);
      assert.deepEqual([found.status, found.response_status], [run, status]);
      assert.equal(found.id, refusal.correlationId);
    });
  }

  test('has its log without its secrets', async () => {
    const run = await customer.runOf(await site.call('throws?how=throw'));
    const log = (await customer.logOf(run)).join('\n');
    assert.match(log, /about to fail/);
    assert.ok(!`${log}${JSON.stringify(run.error)}`.includes(SECRET), 'the secret is in the log');
  });
});

describe('calls from pages of other sites', { skip }, () => {
  const ask = {
    origin: 'https://a.example',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  };

  test('are allowed by a preflight that runs nothing', async () => {
    const answer = await site.call('events/form', { method: 'OPTIONS', headers: ask });
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    assert.equal(answer.headers.get('access-control-allow-methods'), 'DELETE, PATCH, POST, PUT, OPTIONS');
    assert.equal(answer.headers.get('access-control-allow-headers'), 'content-type');
    assert.equal(answer.headers.get('x-run-id'), null);
  });

  test('can read answers and refusals', async () => {
    for (const path of ['getparam', 'nothing', 'throws?how=throw']) {
      const answer = await site.call(path, { headers: { origin: 'https://a.example' } });
      assert.equal(answer.headers.get('access-control-allow-origin'), '*', path);
    }
  });

  test('are the function’s own affair where it says so', async () => {
    const preflight = await site.call('options', { method: 'OPTIONS', headers: ask });
    assert.deepEqual([preflight.status, preflight.headers.get('x-method')], [200, 'OPTIONS']);
    const answer = await site.call('options', { method: 'POST', headers: { origin: 'https://a.example' } });
    assert.deepEqual(
      [answer.status, answer.headers.get('access-control-allow-origin')],
      [201, 'https://mine.example'],
    );
  });
});
