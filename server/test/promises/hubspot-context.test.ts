// What a function learns of its call after a site has moved here from HubSpot: the context, who the visitor
// is, and which account is meant. Through the public port, with real jails.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Customer } from './customer.ts';
import { CONTACT_KEY, type MovedSite, openMovedSite, refusalOf, SECRET } from './moved-site.ts';
import type { Site } from './site.ts';
import { type Millrace, noJails } from './start-millrace.ts';

type Dump = {
  accountId: number;
  method: string;
  endpoint: string;
  params: Record<string, unknown>;
  headers: Record<string, string>;
  contact: Record<string, unknown> | null;
  limits: { timeRemaining: number; executionsRemaining: number };
  secrets: Record<string, string>;
  body: unknown;
  rawBody: string | null;
  spelled: boolean;
};

const skip = noJails();

let moved: MovedSite;
let millrace: Millrace;
let site: Site;

before(async () => {
  if (skip !== false) return;
  moved = await openMovedSite();
  ({ millrace, site } = moved);
});
after(async () => {
  await moved?.close();
});

async function dump(path = 'context', init: RequestInit = {}): Promise<Dump> {
  const answer = await site.call(path, init);
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as Dump;
}

describe('the context', { skip }, () => {
  test('has what the page promises', async () => {
    const context = await dump('context?a=1&a=2&b[]=3&c', {
      headers: { 'User-Agent': 'the test', 'X-Mine': 'yes' },
    });
    assert.deepEqual(
      [context.accountId, context.method, context.endpoint],
      [1001, 'GET', 'context?a=1&a=2&b[]=3&c'],
    );
    assert.deepEqual(context.params, { a: ['1', '2'], b: ['3'], c: [''] });
    assert.deepEqual(
      [context.headers['user-agent'], context.headers['x-mine'], context.spelled],
      ['the test', 'yes', true],
    );
    assert.deepEqual([context.body, context.rawBody, context.contact], [{}, null, null]);
    assert.deepEqual(context.secrets, { API_KEY: SECRET });
  });

  test('tells what is left of the minute', async () => {
    const { limits } = await dump();
    assert.ok(limits.timeRemaining > 0 && limits.timeRemaining <= 600_000);
    assert.equal(limits.executionsRemaining, Math.floor(limits.timeRemaining / 3000));
  });

  test('has the address that the trusted proxy saw, not what a client claims', async () => {
    const { headers } = await dump('context', {
      headers: { 'X-Forwarded-For': '1.1.1.1, 198.51.100.7', 'True-Client-IP': '1.1.1.1' },
    });
    assert.deepEqual(
      [headers['true-client-ip'], headers['x-forwarded-for']],
      ['198.51.100.7', '198.51.100.7'],
    );
  });

  test('has no more values than a form may have, and names that are only names', async () => {
    const many = await site.call('context', {
      method: 'POST',
      body: new URLSearchParams('a=1&'.repeat(10_001).slice(0, -1)),
    });
    assert.deepEqual([many.status, (await refusalOf(many)).category], [400, 'VALIDATION_ERROR']);
    const { params } = await dump('context?__proto__=1&constructor[prototype][x]=2&a[__proto__][b]=3');
    assert.deepEqual(Object.keys(params), ['__proto__', 'constructor', 'a']);
    assert.equal(({} as Record<string, unknown>).x, undefined);
  });

  test('has JSON parsed, and as it came', async () => {
    const text = '{ "a": [1, "ü"], "__proto__": { "x": 1 } }';
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: text };
    const context = await dump('context', init);
    assert.deepEqual(context.body, JSON.parse(text));
    assert.equal(context.rawBody, text);
  });

  test('has a form’s fields as body and as params', async () => {
    const answer = await site.call('events/form?from=query', {
      method: 'POST',
      body: new URLSearchParams('a=1&b=2&b=3'),
    });
    assert.deepEqual(await answer.json(), {
      body: { a: '1', b: ['2', '3'] },
      params: { from: ['query'], a: ['1'], b: ['2', '3'] },
      method: 'POST',
      rawBody: 'a=1&b=2&b=3',
      title: 'FORM',
    });
  });

  test('has a multipart form’s fields, and its files in base64', async () => {
    const form = new FormData();
    form.set('name', 'Ann');
    form.set('file', new File(['hello'], 'a.txt', { type: 'text/plain' }));
    const answer = await site.call('events/form', { method: 'PUT', body: form });
    const { body, params } = (await answer.json()) as { body: unknown; params: unknown };
    const file = { filename: 'a.txt', contentType: 'text/plain', sizeBytes: 5, base64: 'aGVsbG8=' };
    assert.deepEqual([body, params], [{ name: 'Ann', file }, { name: ['Ann'] }]);
  });

  test('has any other text as it is', async () => {
    const init = { method: 'PATCH', headers: { 'content-type': 'application/xml' }, body: '<a/>' };
    const { body } = (await (await site.call('events/form', init)).json()) as { body: unknown };
    assert.equal(body, '<a/>');
  });

  test('is not made of a body that is no JSON although it says so', async () => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: "{'a':1}" };
    const answer = await site.call('context', init);
    assert.deepEqual([answer.status, (await refusalOf(answer)).category], [400, 'VALIDATION_ERROR']);
  });

  test('is not made of a body over the limit', async () => {
    const answer = await site.call('context', { method: 'POST', body: Buffer.alloc(6_291_557) });
    assert.deepEqual([answer.status, (await refusalOf(answer)).category], [413, 'REQUEST_TOO_LARGE']);
  });

  test('is not made of a body over what the account may send', async () => {
    await limitPayload(1_000);
    try {
      const answer = await site.call('context', { method: 'POST', body: Buffer.alloc(1_001) });
      assert.deepEqual([answer.status, (await refusalOf(answer)).category], [413, 'REQUEST_TOO_LARGE']);
      const small = await site.call('context', { method: 'POST', body: Buffer.alloc(1_000) });
      assert.equal(small.status, 200, await small.text());
    } finally {
      await limitPayload(null);
    }
  });

  test('has environment, the endpoint’s over the folder’s, and secrets before the module is loaded', async () => {
    assert.deepEqual(await (await site.call('env')).json(), {
      STAGE: 'live',
      ENDPOINT: 'env',
      SHARED: 'endpoint',
      key: true,
      length: SECRET.length,
    });
  });
});

describe('a function that no page calls', { skip }, () => {
  type Run = { id: string; status: string; error: { type: string } | null };

  /** The run that a trigger has caused, once it is over. */
  async function runOf(functionId: string, trigger: string): Promise<Run> {
    const giveUpAt = Date.now() + 30_000;
    for (;;) {
      const { data } = await site.manageJson<{ data: (Run & { trigger: string })[] }>(
        `/millrace/v1/runs?function_id=${functionId}`,
      );
      const run = data.find((one) => one.trigger === trigger);
      if (run !== undefined && !['queued', 'running'].includes(run.status)) return run;
      assert.ok(Date.now() < giveUpAt, `no ${trigger} run is over: ${JSON.stringify(data)}`);
      await sleep(100);
    }
  }

  async function functionOf(route: string): Promise<string> {
    const { objects } = await site.manageJson<{ objects: { route: string; functionId: string }[] }>(
      '/cms/v3/functions/routes',
    );
    return objects.find((one) => one.route === route)?.functionId ?? '';
  }

  test('is told of an event as its body, and of what started it', async () => {
    const id = await functionOf('told');
    const settings = { notations: ['sale.created.success'] };
    await site.manageJson('/millrace/v1/triggers', { function_id: id, kind: 'account_event', settings });
    await site.manageJson('/millrace/v1/events', {
      type: 'sale.created.success',
      item_id: 'S7',
      data: { total: 12 },
    });
    const run = await runOf(id, 'account_event');
    assert.equal(run.status, 'succeeded');
    const log = (await moved.customer.logOf(run as never)).join('\n');
    assert.match(log, /TOLD .*"total":12/);
    assert.match(log, /"kind":"account_event"/);
    assert.match(log, /"accountId":1001/);
  });

  test('fails where it responds with 400 or more', async () => {
    const id = await functionOf('told');
    const { url } = await site.manageJson<{ url: string }>('/millrace/v1/triggers', {
      ...{ function_id: id, kind: 'webhook', settings: {} },
    });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"refuse":true}' };
    const answer = await fetch(`${millrace.url}${new URL(url).pathname}`, init);
    assert.ok(answer.ok, await answer.text());
    const run = await runOf(id, 'webhook');
    assert.deepEqual([run.status, run.error?.type], ['failed', 'Function.ErrorResponse']);
  });
});

describe('a visitor', { skip }, () => {
  function token(claims: object): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    return `${signed}.${createHmac('sha256', CONTACT_KEY).update(signed).digest('base64url')}`;
  }
  const claims = {
    portal: 1001,
    vid: 51,
    isLoggedIn: true,
    listMemberships: [616],
    exp: Math.floor(Date.now() / 1000) + 600,
  };

  test('is known by the signed cookie', async () => {
    const cookie = `other=1; millrace_contact=${token({ ...claims, properties: { email: 'ann@example.com' } })}`;
    const { contact } = await dump('context', { headers: { cookie } });
    assert.deepEqual(contact, {
      email: 'ann@example.com',
      vid: 51,
      isLoggedIn: true,
      listMemberships: [616],
    });
  });

  test('is asked for where the cookie says nothing, once in a while', async () => {
    const before_ = moved.asked.length;
    for (const _ of [1, 2]) {
      const { contact } = await dump('context', { headers: { cookie: 'session=ann' } });
      assert.deepEqual(contact, { vid: 7, isLoggedIn: true, listMemberships: [616] });
    }
    assert.deepEqual(moved.asked.slice(before_), [{ portalId: 1001, cookie: 'session=ann' }]);
  });

  test('is anonymous by a forged cookie, by none, and where the asking fails', async () => {
    for (const cookie of [`millrace_contact=${token({ ...claims, portal: 1002 })}`, 'session=broken', '']) {
      const headers: Record<string, string> = cookie === '' ? {} : { cookie };
      assert.equal((await dump('context', { headers })).contact, null);
    }
  });
});

describe('the account that a call is for', { skip }, () => {
  /** fetch sets Host itself. */
  async function callAt(host: string, path: string): Promise<number> {
    const { request } = await import('node:http');
    const url = new URL(millrace.url);
    const asking = request({ host: '127.0.0.1', port: url.port, path, headers: { host } }).end();
    const [answer] = (await once(asking, 'response')) as [import('node:http').IncomingMessage];
    answer.resume();
    return answer.statusCode ?? 0;
  }

  test('is found by its host, by configuration and by API, with any port and case', async () => {
    assert.equal(await callAt('MAPPED.example:8443', '/_hcms/api/getparam'), 200);
    await site.manageJson('/millrace/v1/domains', { domain: 'made.example' });
    assert.equal(await callAt('made.example', '/_hcms/api/getparam'), 200);
    const { data } = await site.manageJson<{ data: { domain: string; source: string }[] }>(
      '/millrace/v1/domains',
    );
    assert.deepEqual(
      data.map(({ domain, source }) => [domain, source]),
      [
        ['mapped.example', 'configuration'],
        ['made.example', 'api'],
      ],
    );
    const customer = new Customer(millrace);
    const one = (host: string, method = 'GET') =>
      customer.request(`/millrace/v1/domains/${host}`, { method });
    const read = await one('MADE.example');
    assert.equal(((await read.json()) as { source: string }).source, 'api');
    assert.ok(read.headers.get('etag'));
    assert.equal((await one('mapped.example', 'DELETE')).status, 404, 'the configuration gives it');
    assert.equal((await one('made.example', 'DELETE')).status, 204);
    assert.equal((await one('made.example')).status, 404);
    assert.equal((await one('mapped.example')).status, 200);
  });

  test('is what it is, however its portal id is written', async () => {
    for (const portal of [
      '1001',
      '1001&portalid=7',
      '-1',
      '1e3',
      '0x3E9',
      '__proto__',
      '%00',
      '9'.repeat(400),
    ]) {
      assert.equal(
        await (await site.call(`getparam?name=Ann&portalid=${portal}`)).text(),
        'Hello Ann of 1001',
        portal,
      );
    }
  });

  test('has another world for tests, at portalid=<number>.test', async () => {
    assert.equal((await site.call('getparam?portalid=1001.test')).status, 404);
  });

  test('has the portal id that it had elsewhere, once it is told', async () => {
    await site.manageJson('/millrace/v1/portals', { portal_id: 62515 });
    assert.equal(await (await site.call('getparam?name=Ann&portalid=62515')).text(), 'Hello Ann of 62515');
    await site.manage('/millrace/v1/portals?portal_id=62515', { method: 'DELETE' });
    assert.equal(await (await site.call('getparam?name=Ann&portalid=62515')).text(), 'Hello Ann of 1001');
  });
});

async function limitPayload(bytes: number | null): Promise<void> {
  const answer = await fetch(`${millrace.url}/millrace/v1/account/limits`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${millrace.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ payload_bytes: bytes }),
  });
  assert.equal(answer.status, 200, await answer.text());
}
