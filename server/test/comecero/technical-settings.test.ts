// The technical settings of an account, through the served management API, with a real database. That the key
// signs deliveries is promised in server/test/promises/subscriptions.test.ts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ApiAnswer, type ManagementApi, openManagementApi } from './open-management-api.ts';

const SETTINGS = '/settings/technical';

describe('technical settings', () => {
  let api: ManagementApi;
  before(async () => {
    api = await openManagementApi();
  });
  after(() => api.close());

  const read = (token = api.adminToken): Promise<ApiAnswer> => api.call('GET', SETTINGS, token);
  const save = (body: object, token = api.adminToken): Promise<ApiAnswer> =>
    api.call('POST', `${SETTINGS}?timezone=UTC`, token, body);
  const eventsOf = (type: string): Promise<{ item_id: string; mode: string; data: object }[]> =>
    api.database.query('select item_id, mode, data from events where type = $1 order by position', [type]);

  async function tokenFor(methods: string[]): Promise<string> {
    const permissions = [{ resource: 'settings', methods }];
    return String((await api.call('POST', '/auths/secret', api.adminToken, { permissions })).body.token);
  }

  test('are the usual ones while nothing was set', async () => {
    const { status, body } = await read();
    assert.equal(status, 200);
    assert.deepEqual(body, {
      timezone: 'UTC',
      app_hosts: [],
      cors_allowed_origins: [],
      oauth_redirect_uris: [],
      allow_public_limited_test_tokens: false,
      signature_key: null,
      date_created: null,
      date_modified: null,
      account_id: api.accountId,
      test: false,
      url: `${api.publicUrl}/api/v1/settings/technical`,
    });
  });

  test('are kept as the console sends them back, and what is left out stays', async () => {
    const { body: shown } = await read();
    const form = { ...shown, app_hosts: ['shop.example.com'], signature_key: 'the key', unknown: 1 };
    assert.equal((await save(form)).status, 200);
    await save({
      cors_allowed_origins: ['https://my.domain.com'],
      oauth_redirect_uris: ['https://a.example/b'],
    });
    const { body } = await read();
    assert.deepEqual(
      [body.app_hosts, body.cors_allowed_origins, body.oauth_redirect_uris, body.signature_key],
      [['shop.example.com'], ['https://my.domain.com'], ['https://a.example/b'], 'the key'],
    );
    assert.equal((await save({ signature_key: '' })).body.signature_key, null);
  });

  test('of the test world are its own', async () => {
    const twin = String((await api.call('POST', '/auths/trusted?test=true', api.adminToken)).body.token);
    await save({ signature_key: 'live' });
    assert.equal((await read(twin)).body.signature_key, null);
    await save({ signature_key: 'test', cors_allowed_origins: ['http://localhost'] }, twin);
    assert.deepEqual(
      [(await read()).body.signature_key, (await read(twin)).body.signature_key],
      ['live', 'test'],
    );
  });

  test('lie sealed in the database', async () => {
    await save({ signature_key: 'never in clear' });
    const rows = await api.database.query<{ text: string; key: Buffer }>(
      `select s::text as text, sealed_signature_key as key from account_settings s where mode = 'live'`,
    );
    assert.equal(rows.length, 1);
    assert.equal(rows[0]?.text.includes('never in clear'), false);
    assert.equal(rows[0]?.key.includes('never in clear'), false);
  });

  test('need the permission of their name, and are told only to who may read them', async () => {
    await save({ signature_key: 'secret' });
    const reader = await tokenFor(['read']);
    const writer = await tokenFor(['update']);
    assert.equal((await read(reader)).body.signature_key, 'secret');
    assert.equal((await save({}, reader)).status, 403);
    assert.equal((await read(writer)).status, 403);
    const changed = await save({ timezone: 'UTC' }, writer);
    assert.deepEqual([changed.status, 'signature_key' in changed.body], [200, false]);
    assert.equal((await read()).body.signature_key, 'secret');
  });

  test('that can not be are refused with the field and the rule, and nothing is changed', async () => {
    const before = await read();
    const cases: [object, RegExp][] = [
      [{ timezone: 'Mars/Base' }, /^timezone must be/],
      [{ app_hosts: 'shop.example.com' }, /^app_hosts: must be a list/],
      [{ app_hosts: ['https://shop.example.com'] }, /^app_hosts: "https:.* is not a host name/],
      [{ cors_allowed_origins: ['https://a.example/path'] }, /^cors_allowed_origins: .* is not an origin/],
      [{ cors_allowed_origins: ['http://a.example'] }, /^cors_allowed_origins: .* must begin with https/],
      [{ oauth_redirect_uris: ['javascript:alert(1)'] }, /^oauth_redirect_uris: .* is not an address/],
      [
        { allow_public_limited_test_tokens: 'yes' },
        /^allow_public_limited_test_tokens: must be true or false/,
      ],
      [{ signature_key: 'x'.repeat(501) }, /^signature_key: must have at most 500/],
    ];
    for (const [fields, rule] of cases) {
      const { status, body } = await save({ signature_key: 'another', ...fields });
      assert.equal(status, 400, JSON.stringify(fields));
      assert.match(String(body.error?.message), rule);
    }
    assert.deepEqual((await read()).body, before.body);
  });

  test('say in which time zone dates are answered that are asked for in none', async () => {
    await save({ timezone: 'Asia/Kolkata' });
    const offset = async (query: string): Promise<string> =>
      String((await api.call('GET', `/users/me${query}`, api.adminToken)).body.date_created).slice(23);
    assert.deepEqual([await offset(''), await offset('?timezone=UTC')], ['+05:30', 'Z']);
    await save({ timezone: 'UTC' });
    assert.equal(await offset(''), 'Z');
  });

  test('let whoever asks have a limited test token, or not', async () => {
    const twin = String((await api.call('POST', '/auths/trusted?test=true', api.adminToken)).body.token);
    const ask = (): Promise<ApiAnswer> =>
      api.call('POST', `/auths/limited?account_id=${api.accountId}&test=true`, null);
    assert.equal((await ask()).status, 401);
    // It is the test world's to say.
    await save({ allow_public_limited_test_tokens: true });
    assert.equal((await ask()).status, 401);
    await save({ allow_public_limited_test_tokens: true }, twin);
    const made = await ask();
    assert.equal(made.status, 201, made.text);
    assert.match(String(made.body.token), /^limited\.test\./);
    await save({ allow_public_limited_test_tokens: false }, twin);
    assert.equal((await ask()).status, 401);
  });

  test('that were changed are an event of the account, told once and without the key', async () => {
    const before = await eventsOf('account:modified');
    await save({ signature_key: 'not told' });
    await save({ timezone: 'Mars/Base' });
    const told = (await eventsOf('account:modified')).slice(before.length);
    assert.deepEqual(
      told.map(({ item_id, mode }) => [item_id, mode]),
      [[api.accountId, 'live']],
    );
    assert.equal(JSON.stringify(told).includes('not told'), false);
  });

  test('of a user, too: a language that is set is an event, without the address', async () => {
    await api.call('POST', '/users/me', api.adminToken, { language: 'fr' });
    await api.call('POST', '/users/me', api.adminToken, { language: 'not a language' });
    const me = await api.call('GET', '/users/me', api.adminToken);
    const told = await eventsOf('user:modified');
    assert.deepEqual(
      told.map(({ item_id }) => item_id),
      [me.body.user_id],
    );
    assert.equal((told.at(-1) as { data: { language?: string } }).data.language, 'fr');
    assert.equal(JSON.stringify(told).includes(String(me.body.email)), false);
  });

  test('that many change at once keep every change', async () => {
    const bodies = [{ app_hosts: ['a.example'] }, { signature_key: 'k' }, { oauth_redirect_uris: [] }];
    const saved = await Promise.all(bodies.map((body) => save(body)));
    assert.deepEqual(
      saved.map(({ status }) => status),
      [200, 200, 200],
    );
    const { body } = await read();
    assert.deepEqual(
      [body.app_hosts, body.signature_key, body.oauth_redirect_uris],
      [['a.example'], 'k', []],
    );
  });
});
