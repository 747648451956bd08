// What an account says of the networks that its functions reach: kept, shown, refused. That it holds is tried
// by test/attacks (`denied-networks`) and test/jail/network.test.ts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Customer } from './customer.ts';
import { type Millrace, startMillrace } from './start-millrace.ts';

const ADDRESS = '/millrace/v1/account/egress';
let millrace: Millrace;
let customer: Customer;

before(async () => {
  const env = {
    MILLRACE_SANDBOX: 'none',
    MILLRACE_EGRESS_DENY_ACCOUNTS: '*=198.51.100.0/24:25,ZZ9999=10.0.0.0/8',
  };
  millrace = await startMillrace({ env });
  customer = new Customer(millrace);
});
after(() => millrace?.close());

function put(body: unknown, as = customer): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return as.request(ADDRESS, { method: 'PUT', headers, body: JSON.stringify(body) });
}

test('an account denies itself nothing at first, and sees what the operator has set for it alone', async () => {
  const operators = { operator_deny: ['198.51.100.0/24:25'], operator_allow: [] };
  const shown = { deny: [], record_calls: true, ...operators };
  assert.deepEqual(await customer.json(ADDRESS), shown);
});

test('networks are kept in one spelling each, for both modes of the account', async () => {
  const answer = await put({
    deny: ['198.51.100.77/24', '198.51.100.0/24', ' 203.0.113.7:25 ', '10.0.0.0/8:80-90'],
  });
  assert.equal(answer.status, 200);
  const deny = ['198.51.100.0/24', '203.0.113.7/32:25', '10.0.0.0/8:80-90'];
  assert.deepEqual(((await answer.json()) as { deny: string[] }).deny, deny);
  const { token } = await customer.json<{ token: string }>('/api/v1/auths/trusted?test=true', {
    method: 'POST',
  });
  const inTest = new Customer(millrace, token);
  assert.deepEqual((await inTest.json<{ deny: string[] }>(ADDRESS)).deny, deny);
});

test('that it changed is an event of the account, told in both modes and without the networks', async () => {
  const { token } = await customer.json<{ token: string }>('/api/v1/auths/trusted?test=true', {
    method: 'POST',
  });
  const worlds = [customer, new Customer(millrace, token)];
  const told = (as: Customer): Promise<{ data: { id: string; item_id: string }[] }> =>
    as.json('/millrace/v1/events?type=account:modified');
  const before = await Promise.all(worlds.map(told));
  assert.equal((await put({ deny: ['198.51.100.9'] })).status, 200);
  assert.equal((await put({ deny: ['no network'] })).status, 400);
  for (const [at, as] of worlds.entries()) {
    const { data } = await told(as);
    assert.equal(data.length, (before[at]?.data.length ?? 0) + 1);
    const event = await as.json<{ item_id: string; data: Record<string, unknown> }>(
      `/millrace/v1/events/${data[0]?.id}`,
    );
    const { account_id, url, ...rest } = event.data;
    assert.equal(event.item_id, account_id);
    assert.match(String(url), new RegExp(`/api/v1/accounts/${account_id}/account_meta$`));
    assert.deepEqual(Object.keys(rest).sort(), ['alias', 'settings', 'test']);
    assert.deepEqual([rest.settings, rest.test], ['egress', at === 1]);
    assert.equal(JSON.stringify(event).includes('198.51.100.9'), false);
  }
});

test('what is no network, too much, or another shape is refused, and nothing changes', async () => {
  await put({ deny: ['198.51.100.0/24'] });
  const many = Array.from({ length: 201 }, (_, n) => `10.0.${n}.0/24`);
  const wrong: [unknown, RegExp][] = [
    [{ deny: ['198.51.100.1', 'example.com'] }, /deny\[1\]: "example\.com" is not an IPv4 network/],
    [{ deny: ['2001:db8::/32'] }, /deny\[0\]: functions have no IPv6/],
    [{ deny: ['10.0.0.0/8 } accept'] }, /deny\[0\]/],
    [{ deny: many }, /at most 200 networks/],
    [{ deny: '10.0.0.0/8' }, /deny: must be a list/],
    [{ deny: [], allow: ['10.0.0.0/8'] }, /allow/],
  ];
  for (const [body, message] of wrong) {
    const answer = await put(body);
    const text = await answer.text();
    assert.equal(answer.status, 400, text);
    assert.match((JSON.parse(text) as { error: { message: string } }).error.message, message);
  }
  assert.deepEqual((await customer.json<{ deny: string[] }>(ADDRESS)).deny, ['198.51.100.0/24']);
});

test('a token that may not update the account changes nothing', async () => {
  const { token } = await customer.json<{ token: string }>('/api/v1/auths/secret', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ permissions: [{ resource: 'hosted_functions', methods: ['*'], allow: true }] }),
  });
  const answer = await put({ deny: [] }, new Customer(millrace, token));
  assert.equal(answer.status, 403);
  assert.equal((await asStranger()).status, 401);
});

function asStranger(): Promise<Response> {
  return fetch(new URL(ADDRESS, millrace.url));
}
