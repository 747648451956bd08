// The audit log of what any API changes: who, from where, what, before and after, and nothing of what is kept
// sealed; what owners see of it, its export, and how long it is kept. Through the public port only, but for
// the age of entries.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Database } from '../../src/postgres/database.ts';
import { Customer, zipOf } from './customer.ts';
import { embeddedDatabaseOf, makeSecondAccount } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Entry = {
  id: string;
  at: string;
  action: string;
  account_id: string | null;
  token_id: string | null;
  address: string | null;
  route: string | null;
  resource: string | null;
  target: string | null;
  mode: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
};

const SECRET = 'kept sealed 4711';

describe('the audit log', { skip: noJails() }, () => {
  let millrace: Millrace;
  let database: Database;
  let operator: Customer;
  let customer: Customer;
  let accountId: string;

  before(async () => {
    millrace = await startMillrace({ env: { MILLRACE_AUDIT_RETENTION_DAYS: '30' } });
    database = embeddedDatabaseOf(millrace);
    operator = new Customer(millrace);
    const second = await makeSecondAccount(millrace);
    accountId = second.id;
    customer = new Customer(millrace, second.token);
  });
  after(async () => {
    await database?.close();
    await millrace?.close();
  });

  const send = async <T>(url: string, method: string, body?: unknown): Promise<T> => {
    const answer = await customer.request(`/millrace/v1${url}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${url}: ${answer.status} ${text}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  };
  const listed = async (query: string): Promise<Entry[]> =>
    (await customer.json<{ data: Entry[] }>(`/millrace/v1/audit?${query}`)).data;
  const exported = async (who: Customer, path: string): Promise<Entry[]> => {
    const answer = await who.request(`/millrace/v1${path}`);
    assert.equal(answer.headers.get('content-type'), 'application/x-ndjson; charset=utf-8');
    const lines = (await answer.text()).split('\n');
    assert.equal(lines.pop(), '', 'the last line is whole');
    return lines.map((line) => JSON.parse(line) as Entry);
  };

  test('has every change of a function: by which token, from where, what it was and is, and no secret', async () => {
    const code = { inline: `exports.handler = async () => ${JSON.stringify(SECRET)};` };
    const variables = { KEY: { value: SECRET, secret: true }, OPEN: SECRET };
    const { id } = await send<{ id: string }>('/functions', 'POST', { name: 'first name', code, variables });
    await send(`/functions/${id}`, 'PATCH', { name: 'second name', timeout_ms: 4321 });
    await send(`/functions/${id}/variables`, 'PUT', { variables: { OPEN: `${SECRET} changed` } });
    await send(`/functions/${id}/code`, 'PUT', { code, note: SECRET });
    const trigger = await send<{ id: string }>('/triggers', 'POST', { function_id: id, kind: 'webhook' });
    await send(`/triggers/${trigger.id}`, 'DELETE');
    await send(`/functions/${id}/runs`, 'POST', { called: SECRET });
    await send('/key-values', 'POST', { key: 'written_often', value: SECRET });
    const entries = await listed('');
    assert.deepEqual(
      entries
        .reverse()
        .map(({ action, route, target }) => [action, route, target])
        .slice(1),
      [
        ['resource.create', 'POST /millrace/v1/functions', id],
        ['resource.change', 'PATCH /millrace/v1/functions/:id', id],
        ['resource.change', 'PUT /millrace/v1/functions/:id/variables', id],
        ['resource.change', 'PUT /millrace/v1/functions/:id/code', id],
        ['resource.create', 'POST /millrace/v1/triggers', trigger.id],
        ['resource.delete', 'DELETE /millrace/v1/triggers/:id', trigger.id],
      ],
    );
    const [tokenMade, made, renamed, , , , gone] = entries;
    assert.equal(tokenMade?.action, 'token.create');
    assert.equal(made?.after?.name, 'first name');
    assert.deepEqual(
      [renamed?.before?.name, renamed?.after?.name, renamed?.after?.timeout_ms],
      ['first name', 'second name', 4321],
    );
    assert.deepEqual([gone?.before?.kind, gone?.after], ['webhook', null]);
    const me = (await send<{ data: { id: string }[] }>('/tokens', 'GET')).data[0]?.id;
    for (const entry of entries.slice(1)) {
      assert.deepEqual([entry.account_id, entry.token_id, entry.mode], [accountId, me, 'live']);
      assert.match(entry.address ?? '', /127\.0\.0\.1|::1/);
    }
    const kept = await database.query<{ text: string }>('select a::text as text from operator_audit a');
    assert.ok(!kept.some(({ text }) => text.includes(SECRET)), 'nothing of what is kept sealed');
    assert.deepEqual(
      (await listed(`resource=triggers&target=${trigger.id}&token_id=${me}`)).map(({ action }) => action),
      ['resource.delete', 'resource.create'],
    );
  });

  test('has what dialects change, too, and nothing that was refused, or that was sent again', async () => {
    const fn = await customer.upload(zipOf({ 'index.js': 'exports.handler = async () => null;' }));
    const [entry] = await listed('');
    assert.deepEqual(
      [entry?.action, entry?.route, entry?.resource],
      ['resource.create', 'POST /api/v1/hosted_functions', 'hosted_functions'],
    );
    const refused = await customer.request(`/millrace/v1/functions/${fn.id}`, { method: 'PATCH' });
    assert.equal(refused.status, 400);
    const key = { 'content-type': 'application/json', 'idempotency-key': 'once' };
    const body = JSON.stringify({ function_id: fn.id, kind: 'webhook' });
    for (const times of [1, 2])
      assert.equal(
        (await customer.request('/millrace/v1/triggers', { method: 'POST', headers: key, body })).status,
        201,
        String(times),
      );
    const since = (await listed('')).filter(({ id }) => Number(id) > Number(entry?.id));
    assert.deepEqual(
      since.map(({ route }) => route),
      ['POST /millrace/v1/triggers'],
    );
  });

  test('is exported as lines of JSON, oldest first: an account’s own, and everything for the operator', async () => {
    const own = await exported(customer, '/audit/export');
    assert.deepEqual(own, (await listed('limit=500')).reverse());
    assert.ok(own.length > 5 && own.every(({ account_id }) => account_id === accountId));
    const all = await exported(operator, '/operator/audit/export');
    assert.ok(all.length > own.length);
    const plan = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name": "p"}' };
    await operator.json('/millrace/v1/operator/plans', plan);
    const installation = await exported(operator, '/operator/audit/export?of=installation');
    assert.deepEqual(
      installation.map(({ action, account_id }) => [action, account_id]),
      [['plan.create', null]],
    );
    const from = own[2]?.at ?? '';
    const later = await exported(customer, `/audit/export?since=${encodeURIComponent(from)}`);
    assert.deepEqual(
      later,
      own.filter(({ at }) => at >= from),
    );
    assert.equal((await customer.request('/millrace/v1/operator/audit/export')).status, 403);
    assert.equal((await customer.request('/millrace/v1/audit?since=now')).status, 400);
  });

  test('lets go of what is older than it is kept, and of nothing else', async () => {
    const age = (days: number, action: string) =>
      database.query(
        `insert into operator_audit (action, subject_id, at) values ($1, 'of an age', now() - make_interval(days => $2))`,
        [action, days],
      );
    await age(31, 'account.change');
    await age(29, 'account.change');
    await age(31, 'session.create');
    await age(91, 'session.create');
    const remove = (days: number, action: string) =>
      database.query(
        `delete from operator_audit where subject_id = 'of an age' and action = $1
         and at < now() - make_interval(days => $2) returning id`,
        [action, days],
      );
    await assert.rejects(remove(28, 'account.change'), /only added to/);
    await assert.rejects(remove(30, 'session.create'), /only added to/);
    assert.equal((await remove(30, 'account.change')).length, 1);
    assert.equal((await remove(90, 'session.create')).length, 1);
  });
});
