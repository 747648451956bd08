import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { BODY_LIMIT_BYTES, type Json, type ManagementApi, openManagementApi } from './open-management-api.ts';

describe('management API', () => {
  let api: ManagementApi;
  before(async () => {
    api = await openManagementApi();
  });
  after(() => api.close());

  /** Checks the envelope whole, and that its reference is in the log. */
  function assertRefused(answer: { status: number; body: Json }, status: number, code: string): void {
    const error = answer.body.error as Json;
    assert.deepEqual(Object.keys(error).sort(), ['code', 'message', 'reference', 'status', 'type']);
    assert.deepEqual([answer.status, error.status, error.code], [status, status, code]);
    assert.match(String(error.reference), /^[0-9A-Za-z]{7}$/);
    assert.ok(api.logLines().some((line) => line.reference === error.reference));
  }

  async function raw(path: string, init: RequestInit): Promise<{ status: number; body: Json }> {
    const answer = await fetch(`${api.origin}${path}`, init);
    return { status: answer.status, body: (await answer.json()) as Json };
  }

  const authorized = () => ({ authorization: `Bearer ${api.adminToken}` });

  test('a request without a token, or with a wrong one, is refused with 401', async () => {
    assertRefused(await api.call('GET', '/users/me', null), 401, 'invalid_token');
    assertRefused(await api.call('GET', '/users/me', 'secret.live.nothing'), 401, 'invalid_token');
    assertRefused(await api.call('GET', '/users/me', 'x'.repeat(4000)), 401, 'invalid_token');
  });

  test('a token in the query or another scheme is not a token here', async () => {
    assertRefused(await api.call('GET', `/users/me?token=${api.adminToken}`, null), 401, 'invalid_token');
    const basic = await raw('/api/v1/users/me', { headers: { authorization: `Basic ${api.adminToken}` } });
    assertRefused(basic, 401, 'invalid_token');
  });

  test('an unknown address gets the envelope, a known one with another method too', async () => {
    assertRefused(await api.call('GET', '/planets', api.adminToken), 404, 'resource_not_found');
    assertRefused(await api.call('PUT', '/auths', api.adminToken, {}), 405, 'method_not_allowed');
    assertRefused(await api.call('GET', '/auths/secret', api.adminToken), 405, 'method_not_allowed');
  });

  test('a known address is 405 for whatever method, with those that it takes', async () => {
    for (const method of ['PROPFIND', 'PATCH', 'QUERY']) {
      const answer = await api.call(method, '/auths/abc', api.adminToken, {});
      assertRefused(answer, 405, 'method_not_allowed');
      assert.equal(answer.headers.get('allow'), 'GET, HEAD, POST, DELETE, OPTIONS');
    }
    const options = await api.call('OPTIONS', '/auths/abc', null);
    assert.deepEqual([options.status, options.text], [204, '']);
    assert.equal(options.headers.get('allow'), 'GET, HEAD, POST, DELETE, OPTIONS');
  });

  test('an empty body has no type that could be refused', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/xml']) {
      const answer = await fetch(`${api.origin}/api/v1/auths/limited?account_id=${api.accountId}`, {
        method: 'POST',
        headers: { 'content-type': type },
      });
      assert.equal(answer.status, 201, type);
    }
  });

  test('the birth of a limited token tells how long it lives', async () => {
    const answer = await api.call('POST', '/auths/limited', null, { account_id: api.accountId });
    assert.equal(answer.status, 201);
    assert.equal(answer.headers.get('x-token-expires-in-seconds'), '1209600');
    const secret = { permissions: [{ resource: 'users', methods: ['read'] }] };
    const other = await api.call('POST', '/auths/secret', api.adminToken, secret);
    assert.equal(other.headers.get('x-token-expires-in-seconds'), null);
  });

  test('what is missing or misshapen is told in words', async () => {
    const limited = await api.call('POST', '/auths/limited', null, {});
    assert.equal(limited.body.error?.message, 'account_id: is required');
    const nested = await api.call('POST', '/auths/secret', api.adminToken, { permissions: [[]] });
    assert.equal(nested.body.error?.message, 'permissions.0: must be an object');
    for (const answer of [limited, nested]) assertRefused(answer, 400, 'invalid_input');
  });

  test('an id that could never be one is not found', async () => {
    for (const id of ['%00', 'a%2Fb', '..%2f', 'a'.repeat(100), '%F0%9F%98%80']) {
      assertRefused(await api.call('GET', `/auths/${id}`, api.adminToken), 404, 'resource_not_found');
    }
  });

  test('a malformed address is refused in the envelope', async () => {
    assertRefused(await api.call('GET', '/auths/%zz', api.adminToken), 400, 'invalid_input');
  });

  test('a body that is not JSON, of another type, or too large is refused in the envelope', async () => {
    const post = (body: string, type: string) =>
      raw('/api/v1/auths/secret', {
        method: 'POST',
        body,
        headers: { ...authorized(), 'content-type': type },
      });
    assertRefused(await post('{"a":', 'application/json'), 400, 'invalid_input');
    assertRefused(await post('{"__proto__":{"x":1}}', 'application/json'), 400, 'invalid_input');
    assertRefused(await post('a=b', 'application/x-www-form-urlencoded'), 415, 'unsupported_media_type');
    const large = JSON.stringify({ comments: 'x'.repeat(BODY_LIMIT_BYTES) });
    assertRefused(await post(large, 'application/json'), 413, 'payload_too_large');
  });

  for (const [query, field] of [
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=ten', 'limit'],
    ['offset=-1', 'offset'],
    ['offset=99999999999999999999', 'offset'],
    ['sort_by=token_hash', 'sort_by'],
    ['desc=maybe', 'desc'],
    ['timezone=Mars/Olympus', 'timezone'],
    ['show=a&hide=b', 'show and hide'],
    ['limit=1&limit=2', 'limit'],
    ['q=%00', 'q'],
  ]) {
    test(`a list asked for with ${query} is refused, naming ${field}`, async () => {
      const answer = await api.call('GET', `/auths?${query}`, api.adminToken);
      assertRefused(answer, 400, 'invalid_input');
      assert.ok(String(answer.body.error?.message).startsWith(String(field)), answer.text);
    });
  }

  test('a wanted for fields that can not be granted leaves no token behind', async () => {
    const count = async () => (await api.call('GET', '/auths', api.adminToken)).body.total_items;
    const before = await count();
    const body = { permissions: [{ resource: '*', methods: ['*'] }] };
    const answer = await api.call('POST', '/auths/secret?show=a&hide=b', api.adminToken, body);
    assertRefused(answer, 400, 'invalid_input');
    assert.deepEqual(await count(), before);
  });

  test('users/me tells who the token acts for and what it may do', async () => {
    const me = await api.call('GET', '/users/me', api.adminToken);
    assert.equal(me.status, 200);
    assert.equal(me.body.account_id, api.accountId);
    assert.equal(me.body.language, 'en');
    assert.equal(me.body.is_account_owner, true);
    assert.equal(typeof me.body.email, 'string');
    assert.equal(me.body.effective_permissions?.hosted_functions?.delete, true);
  });

  test('users/me keeps the e-mail address from a token that may not read users', async () => {
    const permissions = [{ resource: 'hosted_function_executions', methods: ['create'] }];
    const made = await api.call('POST', '/auths/secret', api.adminToken, { permissions });
    const me = await api.call('GET', '/users/me', String(made.body.token));
    assert.equal(me.status, 200);
    assert.equal('email' in me.body, false);
    assert.equal(
      (await api.call('POST', '/users/me', String(made.body.token), { language: 'de' })).status,
      403,
    );
  });

  test('users/me takes a language and refuses what is none', async () => {
    const set = await api.call('POST', '/users/me?show=language', api.adminToken, { language: 'pt-BR' });
    assert.deepEqual(set.body, { language: 'pt-BR' });
    const refused = await api.call('POST', '/users/me', api.adminToken, { language: 'not a language' });
    assertRefused(refused, 400, 'invalid_input');
    assert.match(String(refused.body.error?.message), /^language/);
  });

  test('account_meta is read by id, and only of the own account', async () => {
    const meta = await api.call('GET', `/accounts/${api.accountId}/account_meta`, api.adminToken);
    assert.equal(meta.body.alias, api.accountId.toLowerCase());
    assert.equal(meta.body.live, true);
    assert.match(String(meta.body.signin_url), /^https:\/\/functions\.example\.com\//);
    const other = await api.call('GET', '/accounts/ZZ9999/account_meta', api.adminToken);
    assertRefused(other, 404, 'resource_not_found');
  });

  test('a refusal never writes a token or a query to the log', async () => {
    await api.call('GET', '/nowhere?token=very-secret-text', api.adminToken);
    const log = JSON.stringify(api.logLines());
    assert.equal(log.includes('very-secret-text'), false);
    assert.equal(log.includes(api.adminToken), false);
  });

  test('bytes that are no HTTP request get 400 and the server goes on', async () => {
    const { hostname, port } = new URL(api.origin);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write('nonsense\r\n\r\n'));
      let text = '';
      socket.setEncoding('utf8');
      socket.on('data', (chunk: string) => {
        text += chunk;
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(text));
    });
    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.equal((await api.call('GET', '/users/me', api.adminToken)).status, 200);
  });
});
