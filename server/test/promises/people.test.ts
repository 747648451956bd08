// People sign in and are what their roles permit: sessions, where they count, how they end.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Answer, ConsoleClient, type Entry, json, type Own, refusalOf } from './console-client.ts';
import { Customer, type HostedFunction } from './customer.ts';
import { makeSecondAccount, type SecondAccount } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const OPERATOR = { email: 'Ann@Example.com', name: 'Ann', password: 'a long enough password' };

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
    for (const path of [url.pathname, '/fn/x', '/_hcms/api/x', '/api/v1/hosted_functions', '/']) {
      const init = { root: '', headers: { authorization } };
      assert.equal((await ann.request(path, { ...init, method: 'POST' })).status, 404, path);
      assert.match((await ann.request(path, init)).body, /^<!doctype html>/i, path);
    }
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
    for (const email of ['eve@example.com', 'Eve@example.com', 'ann@example.com', 'ANN@example.com']) {
      const client = new ConsoleClient(millrace);
      const statuses: number[] = [];
      for (let n = 0; n < 12; n += 1) {
        client.address = `203.0.113.${n}`;
        statuses.push((await client.signIn(email, 'not the password')).status);
      }
      // Twenty tries of one address, however it is written and from wherever.
      const paced = statuses.filter((status) => status === 429).length;
      assert.equal(paced > 0, /^[A-Z]/.test(email), String(statuses));
    }
    assert.equal((await ann.signIn(OPERATOR.email, 'not it')).status, 401, 'from where she signs in');
  });

  const secretOf = (link: string | null): string => {
    assert.match(link ?? '', /^http:\/\/console\.localhost:[0-9]+\/(invitation|password)#[0-9A-Za-z]{43}$/);
    return (link ?? '').split('#')[1] as string;
  };
  type Invited = { id: string; link: string | null; mailed: boolean; role: string };
  const invite = (client: ConsoleClient, body: object): Promise<Invited> =>
    client.json<Invited>('/invitations', { method: 'POST', body });
  const join = (secret: string, further: object = {}, client = new ConsoleClient(millrace)) =>
    client.request('/invitations/accept', { method: 'POST', body: { secret, ...further } });
  const PASSWORD = { password: 'the password of that person' };
  let bob: ConsoleClient;

  test('an invitation lets its person in once, as what it says', async () => {
    const invited = await invite(ann, { email: 'bob@example.com', name: 'Bob', role: 'developer' });
    assert.deepEqual([invited.mailed, invited.role], [false, 'developer']);
    const secret = secretOf(invited.link);
    assert.equal(JSON.parse((await join(secret)).body).error.field, 'password', 'somebody new needs one');
    bob = new ConsoleClient(millrace);
    const opened = await Promise.all([join(secret, PASSWORD, bob), join(secret, PASSWORD)]);
    // Of two at once one gets in; the other finds the link gone, or the person there.
    assert.equal(opened.filter(({ status }) => status === 200).length, 1);
    bob.cookies.clear();
    assert.equal((await bob.signIn('bob@example.com', PASSWORD.password)).status, 200);
    assert.equal((await join(secret, PASSWORD)).status, 404);
    const own = await bob.json<Own>('/session');
    assert.deepEqual(
      own.accounts.map(({ account_id, role }) => [account_id, role]),
      [[first, 'developer']],
    );
    bob.account = first;
    const actions = (await ann.json<{ data: Entry[] }>('/audit')).data.map(({ action }) => action);
    assert.ok(actions.indexOf('user.join') < actions.indexOf('user.invite'), String(actions));
    assert.equal((await ann.request('/invitations')).body, '{"data":[],"next":null}');
  });

  test('of invitations of one address at once the last one counts', async () => {
    const made = await Promise.all(
      Array.from({ length: 8 }, () => invite(ann, { email: 'eight@example.com', role: 'viewer' })),
    );
    const { data } = await ann.json<{ data: { id: string }[] }>('/invitations');
    assert.deepEqual([data.length, made.some(({ id }) => id === data[0]?.id)], [1, true]);
  });

  test('a role is what the server goes by, for every call', async () => {
    const statusOf = async (client: ConsoleClient, path: string, init: object = {}): Promise<number> =>
      (await client.request(path, init)).status;
    const post = { method: 'POST', body: {} };
    assert.equal(await statusOf(bob, '/functions'), 200);
    for (const path of ['/invitations', '/triggers'])
      assert.equal(await statusOf(bob, path, post), path === '/triggers' ? 400 : 403, path);
    for (const path of ['/operator/accounts', '/audit']) assert.equal(await statusOf(bob, path), 403, path);

    const viewer = new ConsoleClient(millrace);
    const { link } = await invite(ann, { email: 'vera@example.com', role: 'viewer' });
    assert.equal((await join(secretOf(link), PASSWORD, viewer)).status, 200);
    viewer.account = first;
    const call = await machine.request(fn.invokeUrl);
    const run = await machine.runOf(call);
    assert.deepEqual(
      await Promise.all(
        [`/runs/${run.id}`, `/runs/${run.id}/logs`, `/runs/${run.id}/input`, '/events', '/key-values'].map(
          (path) => statusOf(viewer, path),
        ),
      ),
      [200, 200, 403, 403, 403],
    );
    assert.equal(await statusOf(viewer, '/triggers', post), 403);
    const { data } = await ann.json<{ data: { id: string; email: string }[] }>('/users');
    const vera = data.find(({ email }) => email === 'vera@example.com');
    await ann.json(`/users/${vera?.id}`, { method: 'PATCH', body: { sees_inputs: true } });
    assert.equal(await statusOf(viewer, `/runs/${run.id}/input`), 200);
    assert.equal((await ann.request(`/users/${vera?.id}`, { method: 'DELETE' })).status, 204);
    assert.equal(await statusOf(viewer, '/session'), 401, 'who has no account left is nobody');
    assert.equal((await viewer.signIn('vera@example.com', PASSWORD.password)).status, 401);
  });

  test('nobody gives more than they have, and the last owner stays', async () => {
    const [own, other] = [await idOf(OPERATOR.email), await idOf('bob@example.com')];
    const change = (id = '', body: object = {}, client = ann) =>
      client.request(`/users/${id}`, { method: 'PATCH', body });
    assert.equal((await change(own, { role: 'viewer' })).status, 409);
    assert.equal((await ann.request(`/users/${own}`, { method: 'DELETE' })).status, 409);
    // A token that may invite, and little else, makes no owner.
    const permissions = [{ resource: 'users', methods: ['*'] }];
    const { token } = await machine.json<{ token: string }>('/api/v1/auths/secret', json({ permissions }));
    const inviting = new Customer(millrace, token);
    for (const role of ['owner', 'viewer', 'operator']) {
      const email = `${role}@example.com`;
      const answer = await inviting.request('/millrace/v1/invitations', json({ email, role }));
      assert.equal(answer.status, 403, role);
    }
    assert.equal((await inviting.request(`/millrace/v1/users/${own}/password-link`, json({}))).status, 403);
    const customer = new Customer(millrace, second.token);
    const asked = json({ email: 'x@example.com', role: 'operator' });
    assert.equal((await customer.request('/millrace/v1/invitations', asked)).status, 400);
    // A change counts for the session that goes on.
    assert.equal((await change(other, { role: 'viewer' })).status, 200);
    assert.equal((await bob.request('/triggers', { method: 'POST', body: {} })).status, 403);
    assert.equal((await change(other, { role: 'developer' })).status, 200);
  });

  test('a person who is there already joins another account signed in, and nobody else for them', async () => {
    const customer = new Customer(millrace, second.token);
    const invited = await customer.json<Invited>(
      '/millrace/v1/invitations',
      json({ email: 'BOB@example.com', role: 'owner' }),
    );
    const secret = secretOf(invited.link);
    assert.equal((await join(secret, PASSWORD)).status, 401);
    assert.equal((await join(secret, {}, ann)).status, 401, 'signed in as another');
    const before = secretOf((await linkOf('bob@example.com')).link);
    const joined = await join(secret, {}, bob);
    assert.deepEqual([joined.status, joined.body], [200, 'null']);
    // It would open the other account to the owner who has it.
    assert.equal((await setBy(before)).status, 404);
    const { accounts } = await bob.json<Own>('/session');
    assert.deepEqual(
      accounts.map(({ account_id, role }) => [account_id, role]).sort(),
      [
        [first, 'developer'],
        [second.id, 'owner'],
      ].sort(),
    );
    const headers = { 'millrace-account': second.id };
    assert.equal((await bob.request('/audit', { headers })).status, 200);
    const seen = (await bob.json<{ data: Entry[] }>('/audit?limit=500', { headers })).data;
    assert.ok(seen.length > 0 && seen.every(({ account_id }) => account_id === second.id));
    assert.ok(
      seen.every(({ action }) => !action.startsWith('account.')),
      'what the operator does is not shown',
    );
    // Their link would open the first account, too.
    const user = accounts.find(({ account_id }) => account_id === second.id)?.user_id;
    assert.equal((await customer.request(`/millrace/v1/users/${user}/password-link`, json({}))).status, 403);
  });

  const idOf = async (email: string) => {
    const { data } = await ann.json<{ data: { id: string; email: string }[] }>('/users');
    return data.find((user) => user.email === email)?.id;
  };
  const linkOf = async (email: string) =>
    ann.json<{ link: string }>(`/users/${await idOf(email)}/password-link`, { method: 'POST' });
  const setBy = (secret: string) =>
    new ConsoleClient(millrace).request('/password-links/accept', {
      ...{ method: 'POST', body: { secret, password: 'another password of theirs' } },
    });

  test('a link sets a new password once, and ends every session', async () => {
    const make = () => linkOf('bob@example.com');
    const made = [await make(), ...(await Promise.all([make(), make()]))];
    const opened: number[] = [];
    for (const { link } of [...made, ...made]) opened.push((await setBy(secretOf(link))).status);
    assert.deepEqual([opened[0], opened.sort()], [404, [204, 404, 404, 404, 404, 404]]);
    assert.equal((await bob.request('/session')).status, 401);
    assert.equal((await bob.signIn('bob@example.com', PASSWORD.password)).status, 401);
    assert.equal((await bob.signIn('bob@example.com', 'another password of theirs')).status, 200);
  });

  test('a person changes their password, and the other sessions end', async () => {
    const other = new ConsoleClient(millrace);
    await other.signIn('bob@example.com', 'another password of theirs');
    const change = (current: string) =>
      bob.request('/session/password', {
        method: 'PUT',
        body: { current, password: 'a third password of theirs' },
      });
    assert.equal((await change('not the current one')).status, 401);
    const before = secretOf((await linkOf('bob@example.com')).link);
    assert.equal((await change('another password of theirs')).status, 204);
    assert.equal((await setBy(before)).status, 404);
    assert.equal((await bob.request('/session')).status, 200);
    assert.equal((await other.request('/session')).status, 401);
    const ended = await ann.json(`/users/${await idOf('bob@example.com')}/sessions`, { method: 'DELETE' });
    assert.deepEqual(ended, { ended: 1 });
    assert.equal((await bob.request('/session')).status, 401);
  });

  test('without a mail server a lost password is not asked for by mail', async () => {
    const asked = await new ConsoleClient(millrace).request('/password-links', {
      ...{ method: 'POST', body: { email: OPERATOR.email } },
    });
    assert.deepEqual(refusalOf(asked), [422, 'invalid_state']);
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
