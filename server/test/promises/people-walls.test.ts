// What those who may see something must not learn or open by it: addresses that viewers would call, sessions
// of other accounts, persons behind links, accounts that are stopped. Through the public port.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ConsoleClient, json, type Own, refusalOf } from './console-client.ts';
import { Customer, type RunView } from './customer.ts';
import { makeSecondAccount, type SecondAccount } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const PASSWORD = 'a long enough password';
const ADDRESS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

type Trigger = { id: string; url: string | null };
type Invited = { link: string };

describe('between people', { skip: noJails() }, () => {
  let millrace: Millrace;
  let operator: Customer;
  let second: SecondAccount;
  let customer: Customer;

  before(async () => {
    millrace = await startMillrace();
    operator = new Customer(millrace);
    second = await makeSecondAccount(millrace);
    customer = new Customer(millrace, second.token);
  });
  after(() => millrace?.close());

  const secretOf = ({ link }: Invited): string => link.split('#')[1] ?? '';
  const invite = (by: Customer, email: string, fields: object): Promise<Invited> =>
    by.json<Invited>('/millrace/v1/invitations', json({ email, ...fields }));
  const accept = (client: ConsoleClient, body: object) =>
    client.request('/invitations/accept', { method: 'POST', body });
  async function joined(by: Customer, email: string, fields: object): Promise<ConsoleClient> {
    const client = new ConsoleClient(millrace);
    const answer = await accept(client, {
      ...{ secret: secretOf(await invite(by, email, fields)), password: PASSWORD },
    });
    assert.equal(answer.status, 200, answer.body);
    client.account = (await client.json<Own>('/session')).accounts[0]?.account_id ?? null;
    return client;
  }

  test('the operator lets in whom no owner may: people of several accounts, as far as the caller’s permissions go', async () => {
    const of = (by: Customer) => joined(by, 'both@customer.example', { role: 'developer' });
    const client = await of(customer);
    const again = secretOf(await invite(operator, 'both@customer.example', { role: 'developer' }));
    assert.equal((await accept(client, { secret: again })).status, 200);
    const users = `/millrace/v1/operator/accounts/${second.id}/users`;
    const { data } = await operator.json<{ data: { id: string; email: string }[] }>(users);
    const user = data.find(({ email }) => email === 'both@customer.example')?.id;
    const link = (by: Customer, id = user) => by.request(`${users}/${id}/password-link`, { method: 'POST' });
    const owners = `/millrace/v1/users/${user}/password-link`;
    assert.equal((await customer.request(owners, { method: 'POST' })).status, 403);
    const operating = { permissions: [{ resource: 'operator', methods: ['*'], allow: true }] };
    const { token } = await operator.json<{ token: string }>('/api/v1/auths/secret', json(operating));
    assert.equal((await link(new Customer(millrace, token))).status, 403, 'it opens the first account, too');
    const made = await link(operator);
    assert.equal(made.status, 200);
    const set = await new ConsoleClient(millrace).request('/password-links/accept', {
      ...{
        method: 'POST',
        body: { secret: secretOf((await made.json()) as Invited), password: `${PASSWORD} 2` },
      },
    });
    assert.equal(set.status, 204, set.body);
    assert.equal((await client.request('/session')).status, 401, 'their sessions have ended');
    assert.equal((await link(operator, 'nobody')).status, 404);
    assert.equal((await operator.request(`${users}/${user}`, { method: 'DELETE' })).status, 204);
    assert.ok(!(await operator.json<{ data: { id: string }[] }>(users)).data.some(({ id }) => id === user));
  });

  test('a viewer reads triggers and runs without the addresses that open them', async () => {
    const fn = await customer.uploadCode('exports.handler = async () => ({ statusCode: 200, body: "" });');
    const made = await customer.json<Trigger>(
      '/millrace/v1/triggers',
      json({ function_id: fn.id, kind: 'function_url' }),
    );
    const address = new URL(made.url ?? '').pathname;
    const run = await customer.runOf(await fetch(`${millrace.url}${address}`));
    const viewer = await joined(customer, 'vera@customer.example', { role: 'viewer', sees_inputs: true });
    const developer = await joined(customer, 'dan@customer.example', { role: 'developer' });
    assert.equal((await developer.json<Trigger>(`/triggers/${made.id}`)).url, made.url);
    assert.equal((await viewer.json<Trigger>(`/triggers/${made.id}`)).url, null);
    const pages = ['/triggers', '/runs', `/functions/${fn.id}/runs`];
    for (const path of [...pages, `/runs/${run.id}`, `/runs/${run.id}/input`, `/functions/${fn.id}/uses`]) {
      const { status, body } = await viewer.request(path);
      assert.equal(status, 200, path);
      assert.ok(!body.includes(address.slice(4)), `${path}: ${body}`);
    }
    const { cause } = await viewer.json<RunView & { cause: { path: string } }>(`/runs/${run.id}`);
    assert.equal(cause.path, '/fn/…');
    assert.match((await developer.request(`/runs/${run.id}/input`)).body, ADDRESS);
  });

  test('an owner sees and ends sessions of persons of the account alone', async () => {
    const owner = await joined(customer, 'olga@customer.example', { role: 'owner' });
    await joined(customer, 'dora@customer.example', { role: 'developer' });
    const both = await joined(operator, 'bo@vendor.example', { role: 'developer' });
    const secret = secretOf(await invite(customer, 'bo@vendor.example', { role: 'developer' }));
    assert.equal((await accept(both, { secret })).status, 200);
    const { data } = await owner.json<{
      data: { id: string; email: string; last_signed_in_at: string | null }[];
    }>('/users');
    const user = (email: string) => data.find((one) => one.email === email);
    const own = await owner.json<{ data: unknown[] }>(`/users/${user('dora@customer.example')?.id}/sessions`);
    assert.equal(own.data.length, 1);
    assert.notEqual(user('dora@customer.example')?.last_signed_in_at, null);
    const others = user('bo@vendor.example');
    assert.equal(others?.last_signed_in_at, null);
    for (const method of ['GET', 'DELETE']) {
      const answer = await owner.request(`/users/${others?.id}/sessions`, { method });
      assert.deepEqual(refusalOf(answer), [403, 'insufficient_permissions'], method);
    }
    assert.equal((await both.request('/session')).status, 200);
  });

  test('a link says without a password nothing of the person whose address it has', async () => {
    await joined(operator, 'Known@Vendor.example', { role: 'viewer' });
    const answers: string[] = [];
    const other = await joined(operator, 'other@vendor.example', { role: 'viewer' });
    for (const email of ['known@vendor.example', 'unknown@vendor.example']) {
      const secret = secretOf(await invite(customer, email, { role: 'viewer' }));
      const seen: unknown[] = [];
      for (const client of [new ConsoleClient(millrace), other]) {
        const { status, body } = await accept(client, { secret });
        const { error } = JSON.parse(body) as { error: { message: string; reference: string } };
        seen.push([status, { ...error, reference: null }]);
      }
      answers.push(JSON.stringify(seen));
      if (email.startsWith('unknown')) continue;
      const tried = await accept(new ConsoleClient(millrace), { secret, password: PASSWORD });
      assert.equal(tried.status, 401);
      assert.doesNotMatch(tried.body, /vendor\.example/);
    }
    assert.equal(answers[0], answers[1]);
  });

  test('nobody is let into a suspended account by a link', async () => {
    const path = `/millrace/v1/operator/accounts/${second.id}`;
    const portal = json({
      ...{ user: { id: '7', name: 'Vera', email: 'vera@customer.example' }, role: 'developer' },
      features: [{ feature: 'runs' }],
    });
    const { url } = await operator.json<{ url: string }>(`${path}/portal-links`, portal);
    const invitation = await invite(customer, 'late@customer.example', { role: 'viewer' });
    const asked = json({ email: 'later@customer.example', role: 'viewer' });
    const stopped = [403, 'account_suspended'];
    await operator.json(`${path}/suspend`, json({ reason: 'the invoice is open' }));
    for (const [address, init] of [
      ['portal-links', portal],
      ['invitations', asked],
    ] as const) {
      const answer = await operator.request(`${path}/${address}`, init);
      const { error } = (await answer.json()) as { error: { code: string } };
      assert.deepEqual([answer.status, error.code], stopped, address);
    }
    const client = new ConsoleClient(millrace);
    const open = () =>
      client.request('/portal-session', { method: 'POST', body: { secret: url.split('#')[1] } });
    const join = () => accept(client, { secret: secretOf(invitation), password: PASSWORD });
    assert.deepEqual(refusalOf(await open()), stopped);
    assert.deepEqual(refusalOf(await join()), stopped);
    await operator.json(`${path}/resume`, { method: 'POST' });
    assert.equal((await open()).status, 200, 'a link that was refused is not used up');
    assert.equal((await join()).status, 200);
  });
});
