// What an account may have, as its customers and the operator meet it at the doors: each kind is refused by
// its number, another account isn't touched, and no publish starts without bound. Through the public port.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../../src/postgres/database.ts';
import { Customer, zipOf } from './customer.ts';
import { embeddedDatabaseOf, makeSecondAccount } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const SMALL = {
  ...{ functions: 3, function_versions: 2, secret_tokens: 3, flows: 3, email_templates: 2, smtp_profiles: 2 },
  ...{
    event_test_templates: 2,
    payment_profiles: 2,
    waiting_flow_runs: 30,
    waiting_mails: 5,
    waiting_deliveries: 4,
  },
};

type Door = { path: string; body(n: number): unknown };
const DOORS: Record<string, Door> = {
  secret_tokens: {
    path: '/api/v1/auths/secret',
    body: () => ({ permissions: [{ resource: 'events', methods: ['read'], allow: true }] }),
  },
  flows: {
    path: '/millrace/v1/flows',
    body: (n) => ({
      ...{ name: `flow ${n}`, kind: 'sale_lifecycle', enabled: true, starts: ['sale.created'] },
      nodes: [
        { id: 'begin', type: 'start', next: 'pause' },
        { id: 'pause', type: 'wait', delay_s: 3600, next: null },
      ],
    }),
  },
  email_templates: {
    path: '/millrace/v1/email-templates',
    body: (n) => ({
      ...{ name: `template ${n}`, template_subject: 'hello', template_html: '<p>hello</p>' },
      ...{
        template_to: ['a@example.com'],
        template_trigger: 'account_event',
        event_filter: ['sale.created'],
      },
    }),
  },
  smtp_profiles: {
    path: '/millrace/v1/smtp_profiles',
    body: (n) => ({
      ...{ name: `profile ${n}`, host: 'mail.example', port: 587, security: 'starttls' },
      ...{ sender: 'shop@example.com', is_default: false },
    }),
  },
  event_test_templates: {
    path: '/api/v1/event_test_templates',
    body: (n) => ({ event_type: 'order:created', name: `t${n}`, payload: {} }),
  },
  payment_profiles: {
    path: '/millrace/v1/payment-profiles',
    body: (n) => ({ name: `p${n}`, nodes: [{ id: 'start', type: 'start_payment_request', next: null }] }),
  },
};

describe('what an account may have', { skip: noJails() }, () => {
  let millrace: Millrace;
  let operator: Customer;
  let customer: Customer;
  let database: Database;
  let accountId: string;

  before(async () => {
    const bounds = Object.entries(SMALL).map(([name, most]) => `${name}=${most}`);
    millrace = await startMillrace({ env: { MILLRACE_ACCOUNT_BOUNDS: bounds.join(',') } });
    operator = new Customer(millrace);
    database = embeddedDatabaseOf(millrace);
    const second = await makeSecondAccount(millrace);
    accountId = second.id;
    customer = new Customer(millrace, second.token);
  });
  after(async () => {
    await database?.close();
    await millrace?.close();
  });

  const post = (who: Customer, path: string, body: unknown, method = 'POST') =>
    who.request(path, { method, headers: JSON_TYPE, body: JSON.stringify(body) });
  const setBounds = async (bounds: Record<string, number | null>): Promise<Record<string, number>> => {
    const answer = await post(operator, `/millrace/v1/accounts/${accountId}/limits`, { bounds }, 'PATCH');
    assert.equal(answer.status, 200);
    return ((await answer.json()) as { bounds: Record<string, number> }).bounds;
  };
  const sales = (count: number) =>
    Array.from({ length: count }, () => ({ notations: ['sale.created'], item_id: 'S1' }));

  test('is refused beyond its number, kind by kind, although it is asked for at once; and no other account is', async () => {
    for (const [name, { path, body }] of Object.entries(DOORS)) {
      const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => post(customer, path, body(n))));
      const refused = answers.filter(({ status }) => status !== 201 && status !== 200);
      const most = SMALL[name as keyof typeof SMALL];
      // One token it has already.
      const made = name === 'secret_tokens' ? most - 1 : most;
      assert.deepEqual(
        refused.map(({ status }) => status),
        Array(5 - made).fill(409),
        name,
      );
      assert.match((await refused[0]?.text()) ?? '', new RegExp(`as it may: ${most} .${name}.`), name);
      const others = await post(operator, path, body(1));
      assert.ok(others.ok, `${name}: ${others.status} ${await others.text()}`);
    }
  });

  test('can be sent back as it is read: nothing becomes the account’s own', async () => {
    const path = `/millrace/v1/accounts/${accountId}/limits`;
    const ownBounds = async (): Promise<unknown> =>
      (await database.query('select bounds from accounts where id = $1', [accountId]))[0]?.bounds;
    await setBounds({ flows: 7 });
    const read = await operator.json<Record<string, unknown>>(path);
    assert.equal((await post(operator, path, read, 'PATCH')).status, 200);
    assert.deepEqual(await ownBounds(), { flows: 7 });
    await setBounds({ flows: null });
    assert.deepEqual(await ownBounds(), {});
  });

  test('of functions counts those of every API, and leaves nothing of what is refused', async () => {
    const zip = zipOf({ 'index.js': 'exports.handler = async () => ({ statusCode: 200, body: "1" });' });
    for (let n = 0; n < SMALL.functions; n += 1) await customer.upload(zip);
    await assert.rejects(customer.upload(zip), /409.*as many functions as it may: 3 \(functions\)/);
    const inline = await fetch(new URL('/v2/functions', millrace.url), {
      method: 'POST',
      headers: { 'x-api-key': customer.token, ...JSON_TYPE },
      body: JSON.stringify({ name: 'f', event_source: 'api_direct', function_code: 'callback(null, 1)' }),
    });
    assert.equal(inline.status, 409, await inline.text());
    const listed = await customer.json<{ total_items: number }>('/api/v1/hosted_functions');
    assert.equal(listed.total_items, SMALL.functions);
  });

  test('and each of them has a size', async () => {
    for (const name of ['flows', 'email_templates', 'payment_profiles']) {
      const { path, body } = DOORS[name] as Door;
      const large = { ...(body(1) as object), name: 'x'.repeat(300_000) };
      const refused = await post(customer, path, large);
      assert.equal(refused.status, 413, name);
      assert.match(await refused.text(), /at most 262144 bytes/);
    }
  });

  test('is the operator’s to change for one account, and shown to it', async () => {
    const path = '/millrace/v1/email-templates';
    assert.equal((await setBounds({ email_templates: 3 })).email_templates, 3);
    assert.equal((await post(customer, path, DOORS.email_templates?.body(6))).status, 201);
    assert.equal((await post(customer, path, DOORS.email_templates?.body(7))).status, 409);
    assert.equal((await setBounds({ email_templates: null })).email_templates, 2);
    const shown = await customer.json<{ bounds: Record<string, number> }>('/millrace/v1/account/limits');
    assert.deepEqual([shown.bounds.email_templates, shown.bounds.domains], [2, 1000]);
    const type = { name: 'parcel.lost', description: 'Lost' };
    await setBounds({ event_types: 0 });
    const full = await post(customer, '/millrace/v1/event-types', type);
    assert.deepEqual([full.status, /may add 0 types/.test(await full.text())], [409, true]);
    await setBounds({ event_types: 1 });
    assert.equal((await post(customer, '/millrace/v1/event-types', type)).status, 201);
    const own = await post(customer, '/millrace/v1/account/limits', { bounds: { flows: 9 } }, 'PATCH');
    assert.equal(own.status, 403);
    for (const wrong of [{ rockets: 1 }, { flows: -1 }, { flows: '9' }]) {
      const refused = await post(
        operator,
        `/millrace/v1/accounts/${accountId}/limits`,
        { bounds: wrong },
        'PATCH',
      );
      assert.equal(refused.status, 400, JSON.stringify(wrong));
    }
  });

  test('waiting is refused by its number, and nothing of such a publish is kept', async () => {
    const before = await customer.json<{ data: unknown[] }>('/millrace/v1/events');
    const refused = await post(customer, '/millrace/v1/events', sales(40));
    assert.equal(refused.status, 429);
    assert.match(await refused.text(), /its limit is (30|5)/);
    const after = await customer.json<{ data: unknown[] }>('/millrace/v1/events');
    assert.equal(after.data.length, before.data.length);
    assert.equal((await post(operator, '/millrace/v1/events', sales(1))).status, 202);
  });

  test('at once by one publish is bounded, however many flows listen, and the server stays as it is', async () => {
    await setBounds({
      flows: 1_000,
      waiting_flow_runs: 1_000_000,
      email_templates: 1,
      waiting_mails: 1_000_000,
    });
    await database.query(
      `insert into flows (id, account_id, mode, name, kind, enabled, starts, nodes)
       select 'many' || n, $1, 'live', 'many', 'sale_lifecycle', true, '{sale.created}', f.nodes
       from generate_series(1, 900) n, (select nodes from flows where account_id = $1 limit 1) f`,
      [accountId],
    );
    const many = await post(customer, '/millrace/v1/events', sales(1_000));
    assert.equal(many.status, 429);
    assert.match(await many.text(), /more than 20000 runs, flow runs, mails and deliveries at once/);
    const data = { text: 'x'.repeat(250_000) };
    const large = await post(
      customer,
      '/millrace/v1/events',
      sales(5).map((event) => ({ ...event, data })),
    );
    assert.equal(large.status, 429);
    assert.match(await large.text(), /more than 268435456 bytes/);
    // What waits was counted with the bounds of before, which is believed for some seconds.
    for (const giveUpAt = Date.now() + 20_000; ; await delay(200)) {
      const [taken, other] = await Promise.all([
        post(customer, '/millrace/v1/events', sales(20)),
        post(operator, '/millrace/v1/events', { type: 'order:created', item_id: 'O1' }),
      ]);
      assert.equal(other.status, 202);
      if (taken.status === 202) return;
      assert.match(await taken.text(), /its limit is (30|5)/);
      assert.ok(Date.now() < giveUpAt, 'it is still refused');
    }
  });
});
