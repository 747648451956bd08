// Signing in by the operator's own provider, a real one on this machine (`oidc-provider`): code flow with
// PKCE, state and nonce; who comes, and what the claims give and take. Through the public port only.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../until.ts';
import { ConsoleClient, json, type Own, refusalOf } from './console-client.ts';
import { Customer } from './customer.ts';
import { CLIENT_ID, CLIENT_SECRET, type Claims, openProvider, type Provider } from './open-provider.ts';
import { freePort, type Millrace, noJails, startMillrace } from './start-millrace.ts';

/** A browser that follows the provider's pages, and signs in there. @returns where it is sent back to */
async function passProvider(start: string, login: string): Promise<string> {
  const cookies = new Map<string, string>();
  const visit = async (url: string, form?: Record<string, string>): Promise<Response> => {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  let url = start;
  let answer = await visit(url);
  for (let steps = 0; steps < 20; steps += 1) {
    const location = answer.headers.get('location');
    if (location !== null) {
      url = new URL(location, url).href;
      if (url.includes('/session/openid/return')) return url;
      answer = await visit(url);
      continue;
    }
    const page = await answer.text();
    const action = /action="([^"]+)"/.exec(page)?.[1] ?? assert.fail(page);
    const form = page.includes('name="login"')
      ? { prompt: 'login', login, password: 'any' }
      : { prompt: 'consent' };
    url = new URL(action, url).href;
    answer = await visit(url, form);
  }
  return assert.fail('the provider sends nobody back');
}

describe('a sign-on by the operator’s provider', { skip: noJails() }, () => {
  let provider: Provider;
  let millrace: Millrace;
  let operator: Customer;
  let account: string;

  before(async () => {
    const port = await freePort();
    provider = await openProvider(`http://console.localhost:${port}/millrace/v1/session/openid/return`);
    millrace = await startMillrace({
      env: {
        ...{ MILLRACE_PORT: String(port), MILLRACE_OPENID_ISSUER: provider.url },
        MILLRACE_OPENID_CLIENT_ID: CLIENT_ID,
        MILLRACE_OPENID_CLIENT_SECRET: CLIENT_SECRET,
        MILLRACE_OPENID_ROLES: 'shop-developers=@shop:developer,shop-owners=@shop:owner,staff=operator',
      },
    });
    operator = new Customer(millrace);
    account = (
      await operator.json<{ id: string }>('/millrace/v1/operator/accounts', json({ external_id: 'shop' }))
    ).id;
  });
  after(async () => {
    await millrace?.close();
    provider?.close();
  });

  const person = (login: string, groups: string[], further: Partial<Claims> = {}) =>
    provider.people.set(login, {
      ...{ email: `${login}@vendor.example`, email_verified: true, name: login, groups, ...further },
    });
  const begin = async (client: ConsoleClient): Promise<string> => {
    const { status, headers } = await client.request('/session/openid');
    assert.equal(status, 302);
    return headers.location as string;
  };
  const comeBack = (client: ConsoleClient, url: string) => {
    const { pathname, search } = new URL(url);
    return client.request(`${pathname}${search}`, { headers: { 'sec-fetch-site': 'cross-site' } });
  };
  const signOn = async (login: string, client = new ConsoleClient(millrace)) => {
    const answer = await comeBack(client, await passProvider(await begin(client), login));
    return { client, answer };
  };
  const rolesOf = async (client: ConsoleClient) =>
    (await client.json<Own>('/session')).accounts.map(({ account_id, role }) => [account_id, role]);

  /** A node believes in a session until it hears that it has ended, for a second at most. */
  const over = (client: ConsoleClient) =>
    until('the session is over', async () => (await client.request('/session')).status === 401);

  test('makes a person with the roles of the claims, and takes away what is claimed no more', async () => {
    person('dora', ['shop-developers', 'lunch']);
    const { client, answer } = await signOn('dora');
    assert.deepEqual(
      [answer.status, answer.headers.location],
      [302, `http://console.localhost:${new URL(millrace.url).port}/`],
      answer.body,
    );
    assert.deepEqual([...client.cookies.keys()], ['__Host-millrace_session']);
    assert.deepEqual(await rolesOf(client), [[account, 'developer']]);
    person('dora', ['shop-owners', 'shop-developers'], { email: 'renamed@vendor.example' });
    assert.deepEqual(await rolesOf((await signOn('dora')).client), [[account, 'owner']], 'the same person');
    person('dora', ['lunch']);
    assert.deepEqual(refusalOf((await signOn('dora')).answer), [403, 'insufficient_permissions']);
    await over(client);
    person('olga', ['staff']);
    const staff = (await signOn('olga')).client;
    assert.deepEqual(
      (await rolesOf(staff)).map(([, role]) => role),
      ['operator'],
    );
  });

  test('gives its roles to sessions that the provider has begun, and to no others', async () => {
    person('paul', ['shop-developers']);
    const { client } = await signOn('paul');
    const password = 'not asked of the provider';
    const set = await client.request('/session/password', { method: 'PUT', body: { password } });
    assert.equal(set.status, 204, set.body);
    const later = new ConsoleClient(millrace);
    assert.equal((await later.signIn('paul@vendor.example', password)).status, 200);
    assert.deepEqual(await rolesOf(later), [], 'who is gone there would still be in');
    later.account = account;
    assert.deepEqual(refusalOf(await later.request('/functions')), [403, 'insufficient_permissions']);
    assert.deepEqual(await rolesOf(client), [[account, 'developer']]);
  });

  test('makes nobody of an address that the provider has not verified', async () => {
    person('una', ['shop-owners'], { email_verified: false });
    assert.deepEqual(refusalOf((await signOn('una')).answer), [403, 'insufficient_permissions']);
    person('una', ['shop-owners'], { email_verified: undefined });
    assert.deepEqual(refusalOf((await signOn('una')).answer), [403, 'insufficient_permissions']);
    person('una', ['shop-owners']);
    assert.equal((await signOn('una')).answer.status, 302);
  });

  test('is that of one browser, once', async () => {
    person('eve', ['shop-developers']);
    const [victim, attacker] = [new ConsoleClient(millrace), new ConsoleClient(millrace)];
    await begin(victim);
    const url = await passProvider(await begin(attacker), 'eve');
    for (const client of [victim, new ConsoleClient(millrace)])
      assert.deepEqual(refusalOf(await comeBack(client, url)), [401, 'unauthorized']);
    const cookies = new Map(attacker.cookies);
    assert.equal((await comeBack(attacker, url)).status, 302);
    for (const [name, value] of cookies) attacker.cookies.set(name, value);
    assert.equal((await comeBack(attacker, url)).status, 401, 'the code is used up');
    const forged = new URL(url);
    forged.searchParams.set('state', 'another');
    assert.equal((await comeBack(victim, forged.href)).status, 401);
  });

  test('joins a person that is there by a verified address alone, and ends what opened it unproved', async () => {
    const password = 'chosen before the owner came';
    const invited = await operator.json<{ link: string }>(
      `/millrace/v1/operator/accounts/${account}/invitations`,
      json({ email: 'mia@vendor.example', role: 'viewer' }),
    );
    const early = new ConsoleClient(millrace);
    const body = { secret: invited.link.split('#')[1], password };
    assert.equal((await early.request('/invitations/accept', { method: 'POST', body })).status, 200);
    person('mia', ['staff'], { email_verified: false });
    assert.deepEqual(refusalOf((await signOn('mia')).answer), [403, 'insufficient_permissions']);
    assert.equal((await early.request('/session')).status, 200);
    person('mia', ['staff']);
    const { client } = await signOn('mia');
    assert.deepEqual((await rolesOf(client)).map(([, role]) => role).sort(), ['operator', 'viewer']);
    await over(early);
    assert.equal((await early.signIn('mia@vendor.example', password)).status, 401);
  });
});
