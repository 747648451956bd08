import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  type Json,
  LIMITED_TOKENS_AT_ONCE,
  type ManagementApi,
  openManagementApi,
} from './open-management-api.ts';

const DAY_MS = 24 * 3600 * 1000;
const EXECUTE = [{ methods: ['create'], resource: 'hosted_function_executions', allow: true }];
const ALL = [{ resource: '*', methods: ['*'], allow: true }];

describe('auths', () => {
  let api: ManagementApi;
  before(async () => {
    api = await openManagementApi();
  });
  after(() => api.close());

  /** A token with these permissions, made by the administrator. */
  async function tokenWith(permissions: unknown, more: object = {}): Promise<{ id: string; token: string }> {
    const answer = await api.call('POST', '/auths/secret', api.adminToken, { permissions, ...more });
    assert.equal(answer.status, 201, answer.text);
    return { id: String(answer.body.auth_id), token: String(answer.body.token) };
  }

  async function testTwin(): Promise<string> {
    const answer = await api.call('POST', '/auths/trusted?test=true', api.adminToken);
    assert.equal(answer.status, 201, answer.text);
    return String(answer.body.token);
  }

  test("the first token begins with secret.live and isn't in the database", async () => {
    assert.match(api.adminToken, /^secret\.live\.[0-9A-Za-z]{22}\.[0-9A-Za-z]{32}$/);
    const rows = await api.database.query<{ row: string; hash: Buffer }>(
      'select tokens::text as row, token_hash as hash from tokens where account_id = $1',
      [api.accountId],
    );
    const hash = createHash('sha256').update(api.adminToken).digest();
    assert.ok(rows.some((row) => row.hash.equals(hash)));
    const secret = api.adminToken.split('.')[3] as string;
    assert.ok(rows.every((row) => !row.row.includes(secret)));
  });

  test("the console's request for the tutorial's token is answered by auth_id and token alone", async () => {
    const path = '/auths/secret?timezone=UTC&show=auth_id,token&test=false';
    const answer = await api.call('POST', path, api.adminToken, {
      permissions: EXECUTE,
      comments: 'tutorial',
    });
    assert.deepEqual(Object.keys(answer.body).sort(), ['auth_id', 'token']);
    assert.match(String(answer.body.token), /^secret\.live\./);
  });

  test('a made token permits what it was given and nothing else', async () => {
    const { id, token } = await tokenWith(EXECUTE);
    const refused = await api.call('GET', '/auths', token);
    assert.equal(refused.status, 403);
    assert.equal(refused.body.error?.code, 'insufficient_permissions');
    assert.equal(refused.body.error?.status, 403);
    const read = await api.call('GET', `/auths/${id}`, api.adminToken);
    const effective = read.body.effective_permissions as Json;
    assert.deepEqual(effective.hosted_function_executions, {
      read: false,
      create: true,
      update: false,
      delete: false,
    });
    assert.equal(effective.hosted_functions?.create, false);
  });

  test('a deny entry takes away from a wildcard', async () => {
    const { token } = await tokenWith([...ALL, { resource: 'auths', methods: ['delete'], allow: false }]);
    const victim = await tokenWith(EXECUTE);
    assert.equal((await api.call('GET', '/auths', token)).status, 200);
    assert.equal((await api.call('DELETE', `/auths/${victim.id}`, token)).status, 403);
  });

  test('lists and reads show a mask in the place of the token', async () => {
    const { id, token } = await tokenWith(EXECUTE);
    const read = await api.call('GET', `/auths/${id}`, api.adminToken);
    assert.equal(read.body.token, `secret.live.••••${token.slice(-4)}`);
    const list = await api.call('GET', '/auths?limit=100', api.adminToken);
    const listed = (list.body.data as unknown as Json[]).find((auth) => String(auth.auth_id) === id);
    assert.equal(listed?.token, read.body.token);
    assert.equal(list.text.includes(token), false);
    assert.equal(read.body.url, `${api.publicUrl}/api/v1/auths/${id}`);
  });

  test("a list's pages join, and both offsets are null at the ends", async () => {
    for (const comments of ['page-a', 'page-b', 'page-c']) await tokenWith(EXECUTE, { comments });
    const query = 'q=page-&sort_by=comments&desc=false&limit=2&show=comments';
    const first = await api.call('GET', `/auths?${query}`, api.adminToken);
    assert.deepEqual(first.body.data, [{ comments: 'page-a' }, { comments: 'page-b' }]);
    assert.equal(first.body.total_items, 3);
    assert.equal(first.body.total_pages, 2);
    assert.equal(first.body.current_page, 1);
    assert.equal(first.body.next_page_offset, 2);
    assert.ok('previous_page_offset' in first.body);
    assert.equal(first.body.previous_page_offset, null);
    const next = new URL(String(first.body.next_page_url));
    assert.equal(next.origin, api.publicUrl);
    const second = await fetch(`${api.origin}${next.pathname}${next.search}`, {
      headers: { authorization: `Bearer ${api.adminToken}` },
    });
    const page = (await second.json()) as Json;
    assert.deepEqual(page.data, [{ comments: 'page-c' }]);
    assert.equal(page.next_page_offset, null);
    assert.equal(page.next_page_url, null);
    assert.equal(page.previous_page_offset, 0);
  });

  test('options offer every resource with its four methods', async () => {
    const answer = await api.call('GET', '/auths/options?type=secret', api.adminToken);
    const permissions = answer.body.permissions as unknown as { resource: string; methods: string[] }[];
    assert.ok(permissions.some((entry) => entry.resource === 'hosted_function_executions'));
    assert.ok(permissions.every((entry) => entry.methods.join() === 'read,create,update,delete'));
  });

  for (const [title, body, field] of [
    [
      'an unknown resource',
      { permissions: [{ resource: 'planets', methods: ['read'] }] },
      'permissions.0.resource',
    ],
    [
      'an unknown method',
      { permissions: [{ resource: 'auths', methods: ['fly'] }] },
      'permissions.0.methods.0',
    ],
    ['no permission', { permissions: [] }, 'permissions'],
    ['no list of permissions', {}, 'permissions'],
    ['a day that does not exist', { permissions: EXECUTE, expires: '2031-02-30' }, 'expires'],
    ['a day in the past', { permissions: EXECUTE, expires: '2018-01-01' }, 'expires'],
    ['an expiry that is not a date', { permissions: EXECUTE, expires: 'soon' }, 'expires'],
    ['NUL in the comments', { permissions: EXECUTE, comments: 'a\0b' }, 'comments'],
    ['a body that is no object', ['x'], 'the request body'],
  ] as const) {
    test(`${title} is refused with invalid_input that names ${field}`, async () => {
      const answer = await api.call('POST', '/auths/secret', api.adminToken, body);
      assert.equal(answer.status, 400, answer.text);
      assert.equal(answer.body.error?.code, 'invalid_input');
      assert.ok(String(answer.body.error?.message).startsWith(field), answer.text);
    });
  }

  test("a token can't give what it doesn't have", async () => {
    const { token } = await tokenWith([{ resource: 'auths', methods: ['*'], allow: true }]);
    for (const permissions of [EXECUTE, ALL]) {
      const answer = await api.call('POST', '/auths/secret', token, { permissions });
      assert.equal(answer.status, 403, answer.text);
    }
    const own = { permissions: [{ resource: 'auths', methods: ['read'], allow: true }] };
    assert.equal((await api.call('POST', '/auths/secret', token, own)).status, 201);
  });

  test("a token can't give itself more, nor change a mightier one", async () => {
    const { id, token } = await tokenWith([{ resource: 'auths', methods: ['*'], allow: true }]);
    const widened = await api.call('POST', `/auths/${id}`, token, { permissions: ALL });
    assert.equal(widened.status, 403);
    const mightier = await tokenWith(ALL);
    const prolonged = await api.call('POST', `/auths/${mightier.id}`, token, { comments: 'mine' });
    assert.equal(prolonged.status, 403);
  });

  test('a token that names every resource one by one has no wildcard to give', async () => {
    const options = await api.call('GET', '/auths/options?type=secret', api.adminToken);
    const entries = (options.body.permissions as unknown as object[]).map((entry) => ({
      ...entry,
      allow: true,
    }));
    const { token } = await tokenWith(entries);
    assert.equal((await api.call('POST', '/auths/secret', token, { permissions: ALL })).status, 403);
    assert.equal((await api.call('POST', '/auths/secret', token, { permissions: entries })).status, 201);
  });

  test("a token's children expire with it at the latest", async () => {
    const expires = new Date(Date.now() + 5 * DAY_MS).toISOString();
    const { token } = await tokenWith(ALL, { expires });
    const child = await api.call('POST', '/auths/secret', token, { permissions: EXECUTE });
    assert.equal(child.body.expires, expires);
    const later = new Date(Date.now() + 6 * DAY_MS).toISOString();
    const refused = await api.call('POST', '/auths/secret', token, { permissions: EXECUTE, expires: later });
    assert.equal(refused.status, 400);
    const never = await api.call('POST', '/auths/secret', token, { permissions: EXECUTE, expires: null });
    assert.equal(never.status, 400);
  });

  test('a token that expires on a day is good until the end of that day', async () => {
    const { id } = await tokenWith(EXECUTE, { expires: '2999-12-31' });
    const read = await api.call('GET', `/auths/${id}`, api.adminToken);
    assert.equal(read.body.expires, '2999-12-31T23:59:59.999Z');
    const zoned = await api.call('GET', `/auths/${id}?timezone=America/New_York`, api.adminToken);
    assert.equal(zoned.body.expires, '2999-12-31T18:59:59.999-05:00');
  });

  test('an expired token is refused with 401', async () => {
    const expires = new Date(Date.now() + 60_000).toISOString();
    const { token } = await tokenWith(ALL, { expires });
    assert.equal((await api.call('GET', '/users/me', token)).status, 200);
    api.advance(61_000);
    const refused = await api.call('GET', '/users/me', token);
    assert.equal(refused.status, 401);
    assert.equal(refused.body.error?.status, 401);
  });

  test('an owner changes comments, permissions and expiry by sending the whole object back', async () => {
    const { id, token } = await tokenWith(EXECUTE);
    const read = await api.call('GET', `/auths/${id}`, api.adminToken);
    const sent = { ...read.body, comments: 'changed', expires: '2999-01-01', permissions: ALL, auth_id: 'x' };
    const saved = await api.call('POST', `/auths/${id}?show=auth_id,comments`, api.adminToken, sent);
    assert.deepEqual([saved.status, saved.body], [200, { auth_id: id, comments: 'changed' }]);
    assert.equal((await api.call('GET', '/auths', token)).status, 200);
    const cleared = await api.call('POST', `/auths/${id}`, api.adminToken, { expires: null, comments: null });
    assert.deepEqual([cleared.body.expires, cleared.body.comments], [null, null]);
  });

  test('a deleted token is refused from then on', async () => {
    const { id, token } = await tokenWith(ALL);
    assert.equal((await api.call('GET', '/users/me', token)).status, 200);
    const deleted = await api.call('DELETE', `/auths/${id}?timezone=UTC`, api.adminToken);
    assert.deepEqual([deleted.status, deleted.text], [204, '']);
    assert.equal((await api.call('GET', '/users/me', token)).status, 401);
    assert.equal((await api.call('GET', `/auths/${id}`, api.adminToken)).status, 404);
    assert.equal((await api.call('DELETE', `/auths/${id}`, api.adminToken)).status, 404);
  });

  test('signing out deletes the own token', async () => {
    const { token } = await tokenWith(EXECUTE);
    assert.equal((await api.call('DELETE', '/auths/me?timezone=UTC', token)).status, 204);
    assert.equal((await api.call('DELETE', '/auths/me', token)).status, 401);
  });

  test("the administrator's test twin is a trusted test token that begins with admin", async () => {
    const twin = await testTwin();
    assert.match(twin, /^admin\.test\./);
    const me = await api.call('GET', '/users/me', twin);
    assert.equal(me.body.test, true);
    assert.equal(me.body.account_id, api.accountId);
    const again = await api.call('POST', '/auths/trusted?test=true', twin);
    assert.equal(again.status, 403);
  });

  for (const query of ['tset=true', 'Test=true', 'test=true&permissions=*']) {
    test(`an address with ?${query} is refused: a misspelt mode would make a live token`, async () => {
      const body = { permissions: [{ resource: 'events', methods: ['read'], allow: true }] };
      const answer = await api.call('POST', `/auths/secret?${query}`, api.adminToken, body);
      assert.equal(answer.status, 400);
      assert.match(JSON.stringify(answer.body), /in the query is not known here; known are test, account_id/);
    });
  }

  test('a body that names another mode than the address is refused: it would be a live token', async () => {
    const body = { test: true, permissions: [{ resource: 'events', methods: ['read'], allow: true }] };
    const answer = await api.call('POST', '/auths/secret', api.adminToken, body);
    assert.equal(answer.status, 400);
    assert.equal((await api.call('POST', '/auths/secret?test=true', api.adminToken, body)).status, 201);
    assert.equal(
      (await api.call('POST', '/auths/secret', api.adminToken, { ...body, test: false })).status,
      201,
    );
  });

  test('a trusted token without test=true, or for a token with less than everything, is refused', async () => {
    assert.equal((await api.call('POST', '/auths/trusted', api.adminToken)).status, 400);
    const { token } = await tokenWith([...ALL, { resource: 'users', methods: ['read'], allow: false }]);
    assert.equal((await api.call('POST', '/auths/trusted?test=true', token)).status, 403);
  });

  test('a test twin dies with its live token', async () => {
    const { token } = await tokenWith(ALL);
    const twin = await api.call('POST', '/auths/trusted?test=true', token);
    const twinToken = String(twin.body.token);
    assert.equal((await api.call('GET', '/users/me', twinToken)).status, 200);
    await api.call('DELETE', '/auths/me', token);
    assert.equal((await api.call('GET', '/users/me', twinToken)).status, 401);
  });

  test('live and test are separate worlds', async () => {
    const twin = await testTwin();
    const live = await tokenWith(EXECUTE, { comments: 'live-only' });
    assert.equal((await api.call('GET', `/auths/${live.id}`, twin)).status, 404);
    assert.equal((await api.call('DELETE', `/auths/${live.id}`, twin)).status, 404);
    const made = await api.call('POST', '/auths/secret?test=true', api.adminToken, { permissions: EXECUTE });
    assert.match(String(made.body.token), /^secret\.test\./);
    assert.equal(made.body.test, true);
    assert.equal((await api.call('GET', `/auths/${String(made.body.auth_id)}`, api.adminToken)).status, 404);
    assert.equal((await api.call('GET', `/auths/${String(made.body.auth_id)}`, twin)).status, 200);
    const list = await api.call('GET', '/auths?q=live-only', twin);
    assert.equal(list.body.total_items, 0);
  });

  test('a test token makes test tokens and no live ones', async () => {
    const twin = await testTwin();
    const made = await api.call('POST', '/auths/secret', twin, { permissions: EXECUTE });
    assert.match(String(made.body.token), /\.test\./);
    const refused = await api.call('POST', '/auths/secret?test=false', twin, { permissions: EXECUTE });
    assert.equal(refused.status, 403);
  });

  test('a limited token is made for whoever knows the account, and permits nothing', async () => {
    const made = await api.call('POST', `/auths/limited?account_id=${api.accountId}&test=false`, null);
    assert.equal(made.status, 201, made.text);
    const token = String(made.body.token);
    assert.match(token, /^limited\.live\./);
    const meta = await api.call('GET', `/accounts/${api.accountId}/account_meta`, token);
    assert.equal(meta.status, 200);
    assert.equal(meta.headers.get('x-token-expires-in-seconds'), String(14 * 24 * 3600));
    assert.equal((await api.call('GET', '/auths', token)).status, 403);
    assert.equal((await api.call('GET', '/users/me', token)).status, 404);
    const list = await api.call('GET', '/auths?limit=100', api.adminToken);
    assert.equal(list.text.includes('limited.live'), false);
    const limited = await api.call('GET', '/auths?type=limited', api.adminToken);
    assert.equal(limited.body.total_items, 1);
  });

  test('a limited test token is only made for who holds a real token of the account', async () => {
    const path = `/auths/limited?account_id=${api.accountId}&test=true`;
    assert.equal((await api.call('POST', path, null)).status, 401);
    const live = await api.call('POST', `/auths/limited?account_id=${api.accountId}`, null);
    assert.equal((await api.call('POST', path, String(live.body.token))).status, 403);
    const made = await api.call('POST', path, api.adminToken);
    assert.match(String(made.body.token), /^limited\.test\./);
  });

  test('a limited token for an account that does not exist is refused, naming account_id', async () => {
    for (const path of ['/auths/limited?account_id=ZZ0000x', '/auths/limited']) {
      const answer = await api.call('POST', path, null);
      assert.equal(answer.status, 400, answer.text);
      assert.match(String(answer.body.error?.message), /^account_id/);
    }
  });

  test('limited tokens asked for without end from one address are refused with 429', async () => {
    const path = `/auths/limited?account_id=${api.accountId}`;
    const statuses = [];
    for (let count = 0; count <= LIMITED_TOKENS_AT_ONCE; count++) {
      statuses.push((await api.call('POST', path, null)).status);
    }
    assert.equal(statuses.at(-1), 429);
  });

  test('a use begins the two weeks of a limited token anew', async () => {
    api.advance(5 * 60_000);
    const made = await api.call('POST', `/auths/limited?account_id=${api.accountId}`, null);
    const token = String(made.body.token);
    const use = () => api.call('GET', `/accounts/${api.accountId}/account_meta`, token);
    for (let week = 0; week < 3; week++) {
      api.advance(10 * DAY_MS);
      assert.equal((await use()).status, 200);
      await api.tokens.flush();
      api.tokens.forget(api.accountId);
    }
    api.advance(15 * DAY_MS);
    assert.equal((await use()).status, 401);
  });
});
