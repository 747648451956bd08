// People sign in, and are what their roles permit: sessions, where they count, and how they end. Through the public port only.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Answer, ConsoleClient, refusalOf } from './console-client.ts';
import { Customer, type HostedFunction } from './customer.ts';
import { makeSecondAccount, type SecondAccount } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Entry = {
  action: string;
  account_id: string | null;
  user_id: string | null;
  session_id: string | null;
  token_id: string | null;
  address: string | null;
  after: Record<string, unknown> | null;
};
type Own = {
  id: string;
  email: string;
  accounts: { account_id: string; user_id: string; role: string; permissions: object }[];
};

const OPERATOR = { email: 'Ann@Example.com', name: 'Ann', password: 'a long enough password' };

const json = (body: unknown, method = 'POST') => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

describe('people', { skip: noJails() }, () => {
  let millrace: Millrace;
  let machine: Customer;
  let ann: ConsoleClient;
  let second: SecondAccount;
  let fn: HostedFunction;
  let first: string;

  before(async () => {
    millrace = await startMillrace({
      env: { MILLRACE_TRUSTED_PROXIES: '127.0.0.1,::1', MILLRACE_DOMAINS: '' },
    });
    machine = new Customer(millrace);
    second = await makeSecondAccount(millrace);
    fn = await machine.uploadCode('exports.handler = async () => ({ statusCode: 200, body: "hello" });');
  });
  after(() => millrace?.close());

  const audit = async (query: string): Promise<Entry[]> =>
    (await machine.json<{ data: Entry[] }>(`/millrace/v1/operator/audit?${query}`)).data;

  test('the first person is made by the operator’s token, once', async () => {
    const short = await machine.request('/millrace/v1/setup', json({ ...OPERATOR, password: 'short' }));
    assert.equal(short.status, 400);
    const customer = new Customer(millrace, second.token);
    assert.equal((await customer.request('/millrace/v1/setup', json(OPERATOR))).status, 403);
    const made = await machine.json<{ user_id: string; account_id: string }>(
      '/millrace/v1/setup',
      json(OPERATOR),
    );
    first = made.account_id;
    assert.equal((await machine.request('/millrace/v1/setup', json(OPERATOR))).status, 409);
    const [entry] = await audit('action=people.set_up');
    assert.deepEqual(
      [entry?.account_id, entry?.after],
      [first, { user_id: made.user_id, email: OPERATOR.email }],
    );
    // The user that tokens of the account have acted for is that person now.
    const me = await machine.json<{ user_id: string; email: string }>('/api/v1/users/me');
    assert.deepEqual([me.user_id, me.email], [made.user_id, OPERATOR.email]);
  });

  test('a person signs in by e-mail and password, and calls the API', async () => {
    ann = new ConsoleClient(millrace);
    const answer = await ann.signIn('ann@EXAMPLE.com', OPERATOR.password);
    assert.equal(answer.status, 200, answer.body);
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    assert.match(
      cookie,
      /^__Host-millrace_session=[0-9A-Za-z]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict;/,
    );
    assert.ok(!answer.body.includes(ann.cookies.get('__Host-millrace_session') as string));
    const own = await ann.json<Own>('/session');
    assert.deepEqual(
      [own.email, own.accounts.map(({ account_id, role }) => [account_id, role])],
      [OPERATOR.email, [[first, 'operator']]],
    );
    ann.account = first;
    const { data } = await ann.json<{ data: { id: string }[] }>('/functions');
    assert.deepEqual(
      data.map(({ id }) => id),
      [fn.id],
    );
    assert.equal((await ann.request('/operator/accounts')).status, 200);
    const [entry] = await audit('action=session.create');
    assert.deepEqual(
      [entry?.account_id, entry?.user_id, entry?.session_id, entry?.token_id, entry?.after],
      [first, own.accounts[0]?.user_id, own.id, null, { way: 'password' }],
    );
  });

  test('what a person does by a session is in the log with the session', async () => {
    const own = await ann.json<Own>('/session');
    await ann.json(`/operator/accounts/${second.id}`, { method: 'PATCH', body: { name: 'Named by Ann' } });
    const [entry] = await audit('action=account.change');
    assert.deepEqual(
      [entry?.token_id, entry?.session_id, entry?.user_id],
      [null, own.id, own.accounts[0]?.user_id],
    );
  });

  test('a session counts at the console’s host alone', async () => {
    const { port } = new URL(millrace.url);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, 'www.example.com']) {
      assert.equal((await ann.request('/functions', { headers: { host } })).status, 401, host);
      assert.equal((await ann.request('/session', { headers: { host } })).status, 404, host);
      const signIn = await ann.request('/session', { method: 'POST', body: OPERATOR, headers: { host } });
      assert.notEqual(signIn.status, 200, host);
    }
    // And nothing that a function makes is answered there.
    const url = new URL(fn.invokeUrl);
    const authorization = `Bearer ${machine.token}`;
    for (const path of [url.pathname, '/fn/x', '/_hcms/api/x', '/api/v1/hosted_functions', '/'])
      assert.equal(
        (await ann.request(`//${path.slice(1)}`.slice(1), { headers: { authorization } })).status,
        404,
        path,
      );
    assert.equal((await machine.request(fn.invokeUrl)).status, 200);
  });

  test('what another page asks for in a person’s name is refused', async () => {
    const asks: Record<string, string | undefined>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ];
    for (const headers of asks) {
      const told = JSON.stringify(headers);
      assert.equal((await ann.request('/functions', { headers })).status, 403, told);
      assert.equal((await ann.request('/session', { method: 'DELETE', headers })).status, 403, told);
      const signIn = await ann.request('/session', {
        ...{ method: 'POST', headers },
        body: { email: OPERATOR.email, password: OPERATOR.password },
      });
      assert.equal(signIn.status, 403, told);
    }
    // A form can't name the account.
    const unnamed = await ann.request('/functions', { headers: { 'millrace-account': undefined } });
    assert.deepEqual(refusalOf(unnamed), [400, 'invalid_input']);
    const preflight = await ann.request('/functions', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-headers': 'millrace-account' },
    });
    assert.equal(preflight.headers['access-control-allow-origin'], undefined);
    assert.equal((await ann.request('/session')).status, 200);
  });

  test('an account in which a person has no role is not opened', async () => {
    for (const account of [second.id, 'ZZ9999', '']) {
      const answer = await ann.request('/functions', { headers: { 'millrace-account': account } });
      assert.equal(answer.status, 403, account);
    }
  });

  test('a wrong password, and an address of nobody, are answered alike, and kept', async () => {
    const before = await audit('action=session.refused');
    const client = new ConsoleClient(millrace);
    client.address = '198.51.100.20';
    const wrong = await client.signIn(OPERATOR.email, 'another long password');
    const nobody = await client.signIn('nobody@example.com', 'another long password');
    const told = ({ status, body }: Answer) => [status, body.replace(/"reference":"[^"]+"/, '')];
    assert.deepEqual(told(wrong), told(nobody));
    assert.deepEqual(refusalOf(wrong), [401, 'unauthorized']);
    for (;;) {
      const refused = await audit('action=session.refused');
      if (refused.length < before.length + 2) continue;
      assert.deepEqual(
        refused
          .slice(0, 2)
          .map(({ account_id, address }) => [account_id, address])
          .sort(),
        [
          [first, '198.51.100.20'],
          [null, '198.51.100.20'],
        ].sort(),
      );
      break;
    }
  });

  test('guessing is paced, for an address that exists and for one that does not', async () => {
    for (const email of ['guessed@example.com', 'Guessed@example.com']) {
      const client = new ConsoleClient(millrace);
      const statuses: number[] = [];
      for (let n = 0; n < 12; n += 1) {
        client.address = `203.0.113.${n}`;
        statuses.push((await client.signIn(email, 'not the password')).status);
      }
      // Twenty tries of one address, however it is written and from wherever.
      const paced = statuses.filter((status) => status === 429).length;
      assert.equal(paced > 0, email.startsWith('G'), String(statuses));
    }
  });

  test('a session that is ended is over, for whoever ends it', async () => {
    const other = new ConsoleClient(millrace);
    await other.signIn(OPERATOR.email, OPERATOR.password);
    const { id } = await other.json<Own>('/session');
    const { data } = await ann.json<{ data: { id: string; current: boolean }[] }>('/sessions');
    assert.deepEqual(
      data.map((one) => [one.id === id, one.current]).sort(),
      [
        [false, true],
        [true, false],
      ].sort(),
    );
    assert.equal((await ann.request(`/sessions/${id}`, { method: 'DELETE' })).status, 204);
    assert.equal((await other.request('/session')).status, 401);
    assert.equal((await ann.request(`/sessions/${id}`, { method: 'DELETE' })).status, 404);

    await other.signIn(OPERATOR.email, OPERATOR.password);
    assert.deepEqual(await ann.json('/sessions', { method: 'DELETE' }), { ended: 1 });
    assert.equal((await other.request('/session')).status, 401);

    const cookie = ann.cookies.get('__Host-millrace_session') as string;
    assert.equal((await ann.request('/session', { method: 'DELETE' })).status, 204);
    assert.equal(ann.cookies.size, 0, 'the browser forgets it');
    ann.cookies.set('__Host-millrace_session', cookie);
    assert.equal((await ann.request('/session')).status, 401, 'and so does the server');
    const [entry] = await audit('action=session.end');
    assert.equal(entry?.account_id, first);
  });
});
