// Tokens of an account by Millrace's own API: made, listed, changed and deleted by its other tokens, and
// never more than they have. Through the public port.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Customer } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Token = { id: string; token: string; masked: string; mode: string; name: string | null };
type Made = Token & { test_twin: Token | null; expires_at: string | null };
type Refusal = { error: { code: string; field?: string; message: string } };

const TOKENS = '/millrace/v1/tokens';
const READS = [{ resource: 'function_runs', methods: ['read'], allow: true }];
const MANAGES = [...READS, { resource: 'auths', methods: ['*'], allow: true }];

describe('tokens of an account', { skip: noJails() }, () => {
  let millrace: Millrace;
  let owner: Customer;

  before(async () => {
    millrace = await startMillrace();
    owner = new Customer(millrace);
  });
  after(() => millrace?.close());

  const send = (who: Customer, url: string, body: unknown, method = 'POST') =>
    who.request(url, {
      ...{ method, headers: { 'content-type': 'application/json' } },
      body: JSON.stringify(body),
    });
  const make = async (who: Customer, body: unknown): Promise<Made> => {
    const answer = await send(who, TOKENS, body);
    assert.equal(answer.status, 201, await answer.clone().text());
    return (await answer.json()) as Made;
  };
  const as = (token: string) => new Customer(millrace, token);
  const refusalOf = async (answer: Response): Promise<[number, string | undefined]> => [
    answer.status,
    ((await answer.json()) as Refusal).error.field,
  ];

  test('is made, shown once, listed by its mask, and opens what it permits', async () => {
    const made = await make(owner, { name: 'reader', permissions: READS });
    assert.match(made.token, /^secret\.live\./);
    const { data } = await owner.json<{ data: Token[] }>(TOKENS);
    const listed = data.find(({ id }) => id === made.id);
    assert.equal(listed?.name, 'reader');
    assert.ok(!JSON.stringify(data).includes(made.token));
    assert.equal((await as(made.token).request('/millrace/v1/runs')).status, 200);
    assert.equal((await as(made.token).request('/millrace/v1/functions')).status, 403);
    assert.equal((await as(made.token).request(TOKENS)).status, 403);
  });

  test('gives what its maker has and no more, for as long at most', async () => {
    const expires = new Date(Date.now() + 3_600_000).toISOString();
    const manager = await make(owner, { permissions: MANAGES, expires_at: expires });
    const beyond = [{ resource: 'hosted_functions', methods: ['read'] }];
    const own = as(manager.token);
    assert.deepEqual(await refusalOf(await send(own, TOKENS, { permissions: beyond })), [403, 'permissions']);
    const longer = { permissions: READS, expires_at: new Date(Date.now() + 7_200_000).toISOString() };
    assert.deepEqual(await refusalOf(await send(own, TOKENS, longer)), [400, 'expires_at']);
    assert.equal((await make(own, { permissions: READS })).expires_at, expires);
    const past = { permissions: READS, expires_at: '2020-01-01T00:00:00Z' };
    assert.deepEqual(await refusalOf(await send(owner, TOKENS, past)), [400, 'expires_at']);
    const more = await send(own, `${TOKENS}/${manager.id}`, { permissions: beyond }, 'PATCH');
    assert.deepEqual(await refusalOf(more), [403, 'permissions']);
  });

  test('is of one mode: a twin is for test, and a test token makes no live one', async () => {
    const made = await make(owner, { permissions: MANAGES, test_twin: true });
    const twin = made.test_twin as Token;
    assert.match(twin.token, /^secret\.test\./);
    const inTest = as(twin.token);
    const seen = await inTest.json<{ data: Token[] }>(TOKENS);
    assert.deepEqual([...new Set(seen.data.map(({ mode }) => mode))], ['test']);
    assert.equal((await inTest.request(`${TOKENS}/${made.id}`)).status, 404);
    const live = await send(inTest, TOKENS, { permissions: READS, mode: 'live' });
    assert.deepEqual(await refusalOf(live), [403, 'mode']);
    assert.deepEqual(await refusalOf(await send(inTest, TOKENS, { permissions: READS, test_twin: true })), [
      400,
      'test_twin',
    ]);
    assert.equal((await owner.request(`${TOKENS}/${made.id}`, { method: 'DELETE' })).status, 204);
    assert.equal((await inTest.request(TOKENS)).status, 401);
  });

  test('is changed and deleted for the next call, and both are in the audit log', async () => {
    const made = await make(owner, { name: 'before', permissions: READS });
    const narrower = { name: 'after', permissions: [{ resource: 'events', methods: ['read'] }] };
    assert.equal((await send(owner, `${TOKENS}/${made.id}`, narrower, 'PATCH')).status, 200);
    assert.equal((await as(made.token).request('/millrace/v1/runs')).status, 403);
    assert.equal((await owner.request(`${TOKENS}/${made.id}`, { method: 'DELETE' })).status, 204);
    assert.equal((await as(made.token).request('/millrace/v1/runs')).status, 401);
    assert.equal((await owner.request(`${TOKENS}/${made.id}`)).status, 404);
    const { data } = await owner.json<{ data: { action: string; after: { id: string } | null }[] }>(
      '/millrace/v1/operator/audit?limit=10',
    );
    assert.deepEqual(
      data.slice(0, 3).map(({ action }) => action),
      ['token.delete', 'token.change', 'token.create'],
    );
    assert.ok(!JSON.stringify(data).includes(made.token));
  });
});
