// An account that the operator suspends, as its callers and its visitors meet it: refused at every door, with
// the reason; what was accepted waits, on every node, and goes on when it is resumed. A second account beside
// it, whose work goes on, says when time has passed.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Database } from '../../src/postgres/database.ts';
import { until } from '../until.ts';
import type { HostedFunction } from './customer.ts';
import { openReceiver, type Receiver } from './receivers.ts';
import { RevcentCustomer } from './revcent-customer.ts';
import { embeddedDatabaseOf, makeSecondAccount, type SecondAccount } from './second-account.ts';
import { Site } from './site.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';
import { Subscriber } from './subscriber.ts';

const ACCOUNTS = '/millrace/v1/operator/accounts';
const REASON = 'the invoice of May is open';
const SOON_MS = 2_000;

type Party = { customer: Subscriber; fn: HostedFunction; hook: string; url: string };
type Door = { name: string; path: string; method?: string; headers?: Record<string, string> };

describe('a suspended account', { skip: noJails() }, () => {
  let millrace: Millrace;
  let database: Database;
  let receiver: Receiver;
  let operator: Subscriber;
  let second: SecondAccount;
  let suspended: Party;
  let other: Party;

  before(async () => {
    receiver = await openReceiver();
    millrace = await startMillrace({
      env: { MILLRACE_DELAY_LEAST_MS: '1000', MILLRACE_EGRESS_ALLOW: '127.0.0.0/8' },
    });
    database = embeddedDatabaseOf(millrace);
    operator = new Subscriber(millrace);
    second = await makeSecondAccount(millrace);
    other = await party(operator);
    suspended = await party(new Subscriber(millrace, second.token));
  });
  after(async () => {
    await database?.close();
    await millrace?.close();
    await receiver?.close();
  });

  async function party(customer: Subscriber): Promise<Party> {
    const fn = await customer.uploadCode(
      'exports.handler = async () => ({ statusCode: 200, body: "hello" });',
    );
    const trigger = async (fields: object): Promise<string> => {
      const made = await customer.post<{ url: string }>('/millrace/v1/triggers', {
        function_id: fn.id,
        ...fields,
      });
      return new URL(made.url).pathname;
    };
    const hook = await trigger({ kind: 'webhook', delay_ms: SOON_MS });
    return { customer, fn, hook, url: await trigger({ kind: 'function_url' }) };
  }

  const suspend = () => operator.post(`${ACCOUNTS}/${second.id}/suspend`, { reason: REASON });
  const resume = () => operator.post(`${ACCOUNTS}/${second.id}/resume`);

  test('is refused at every door, in the words of each, and served again when it is resumed', async () => {
    const doors = await openDoors();
    for (const door of doors) await answers(door);
    const shown = await suspend();
    assert.deepEqual(
      [(shown as { status: string }).status, (shown as { status_reason: string }).status_reason],
      ['suspended', REASON],
    );
    assert.deepEqual(await listed('suspended'), [second.id]);
    for (const door of doors) {
      const answer = await knock(door);
      const text = await answer.text();
      assert.equal(answer.status, 403, `${door.name}: ${text}`);
      assert.match(text, /the invoice of May is open/, door.name);
      assert.match(text, /account_suspended|ACCOUNT_SUSPENDED|BANNED/, door.name);
    }
    const limited = await fetch(`${millrace.url}/api/v1/auths/limited`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account_id: second.id }),
    });
    assert.equal(limited.status, 403);
    assert.equal(await (await other.customer.call(other.fn)).text(), 'hello');
    await resume();
    assert.deepEqual(await listed('suspended'), []);
    assert.ok((await listed('active')).includes(second.id));
    for (const door of doors) await answers(door);
  });

  const listed = async (status: string): Promise<string[]> =>
    (await operator.json<{ data: { id: string }[] }>(`${ACCOUNTS}?status=${status}`)).data.map(
      ({ id }) => id,
    );

  async function answers(door: Door): Promise<void> {
    const answer = await knock(door);
    assert.ok(answer.status < 400, `${door.name}: ${answer.status} ${await answer.text()}`);
  }

  async function openDoors(): Promise<Door[]> {
    const bearer = { authorization: `Bearer ${second.token}` };
    const site = new Site({ ...millrace, token: second.token });
    await site.upload(
      'site.functions',
      { endpoints: { hello: { file: 'hello.js', method: 'GET' } } },
      { 'hello.js': 'exports.main = (context, send) => send({ statusCode: 200, body: "hello" });' },
    );
    const revcent = new RevcentCustomer(millrace, second.token);
    const made = { event_source: 'api_direct', name: 'direct', function_code: 'callback(null, 1)' };
    const direct = await revcent.make(made);
    return [
      { name: 'a call', path: `/func/v1/${suspended.fn.id}`, headers: bearer },
      { name: 'the Comecero API', path: '/api/v1/hosted_functions', method: 'GET', headers: bearer },
      { name: "Millrace's API", path: '/millrace/v1/functions', method: 'GET', headers: bearer },
      { name: 'a webhook', path: suspended.hook },
      { name: 'a function URL', path: suspended.url },
      { name: 'an endpoint of a site', path: `/_hcms/api/hello?portalid=${second.number}`, method: 'GET' },
      { name: 'the HubSpot CLI', path: '/cms/v3/functions/routes', method: 'GET', headers: bearer },
      {
        name: 'an assistant',
        path: '/mcp',
        headers: { ...bearer, accept: 'application/json, text/event-stream' },
      },
      {
        name: 'a direct trigger',
        path: `/v2/functions/${direct.function_id}/trigger`,
        headers: { 'x-api-key': second.token },
      },
    ];
  }

  function knock({ name, path, method = 'POST', headers = {} }: Door): Promise<Response> {
    const body = name === 'an assistant' ? { jsonrpc: '2.0', id: 1, method: 'tools/list' } : {};
    return fetch(`${millrace.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
    });
  }

  test('has its runs, flow runs, deliveries and ticks wait, and loses none of them', async () => {
    await until('what was begun before is over', async () => (await runsOf('queued', 'running')) === 0);
    const cron = { kind: 'schedule', settings: { cron: '* * * * *', catch_up: { policy: 'once' } } };
    const schedules = new Map<Party, string>();
    const subscriptions = new Map<Party, string>();
    receiver.answer = () => ({ status: 500 });
    for (const one of [suspended, other]) {
      const path = one === suspended ? '/suspended' : '/other';
      subscriptions.set(one, path);
      await one.customer.subscribe({ event_type: 'order:created', destination: `${receiver.url}${path}` });
      const { id } = await one.customer.post<{ id: string }>('/millrace/v1/triggers', {
        function_id: one.fn.id,
        ...cron,
      });
      schedules.set(one, id);
      await one.customer.post('/millrace/v1/flows', {
        ...{ name: 'waits', kind: 'customer_lifecycle', starts: ['customer.created'], enabled: true },
        nodes: [
          { id: 'start', type: 'start', next: 'wait' },
          { id: 'wait', type: 'wait', delay_s: 2, next: 'call' },
          { id: 'call', type: 'function', function_id: one.fn.id, next: null },
        ],
      });
    }
    // What is done in vain first is due again five seconds later.
    for (const one of [suspended, other]) {
      await one.customer.publish('order:created', {});
      await receiver.arrived(subscriptions.get(one) ?? '');
      await one.customer.post('/millrace/v1/events', { notations: ['customer.created'], item_id: 'c1' });
      for (let n = 0; n < 3; n += 1)
        assert.equal((await fetch(`${millrace.url}${one.hook}`, { method: 'POST' })).status, 200);
      await database.query(`update triggers set next_tick_at = now() + interval '2 seconds' where id = $1`, [
        schedules.get(one),
      ]);
    }
    await suspend();
    await until('what goes on has ended', async () => (await runsOf('running')) === 0);
    const [before, waiting] = [await runsOf('succeeded'), await runsOf('queued')];
    assert.ok(waiting >= 3);
    receiver.answer = () => ({ status: 200 });
    const ownId = (await operator.json<{ account_id: string }>('/millrace/v1/account/limits')).account_id;
    await until('the other account has gone on', async () => {
      const [{ flows, ticks } = { flows: 0, ticks: 0 }] = await database.query<{
        flows: number;
        ticks: number;
      }>(
        `select (select count(*) from flow_runs where account_id = $1 and status = 'completed') as flows,
           (select count(*) from all_runs where account_id = $1 and trigger = 'schedule') as ticks`,
        [ownId],
      );
      return flows > 0 && ticks > 0 && receiver.received.filter(({ path }) => path === '/other').length > 1;
    });
    assert.equal(await runsOf('succeeded', 'running'), before, 'no run has begun');
    assert.equal(receiver.received.filter(({ path }) => path === '/suspended').length, 1);
    const [stands] = await database.query<{ flows: number; ticks: number; queued: number }>(
      `select (select count(*) from flow_runs where account_id = $1 and status <> 'going') as flows,
         (select count(*) from all_runs where account_id = $1 and trigger = 'schedule') as ticks,
         (select count(*) from all_runs where account_id = $1 and status = 'queued') as queued`,
      [second.id],
    );
    assert.deepEqual(stands, { flows: 0, ticks: 0, queued: waiting });
    await resume();
    await receiver.arrived('/suspended', 2);
    await until('the account has gone on, too', async () => {
      const [row] = await database.query<{ webhooks: number; flows: number; ticks: number }>(
        `select (select count(*) from all_runs where account_id = $1 and trigger = 'webhook' and status = 'succeeded') as webhooks,
           (select count(*) from flow_runs where account_id = $1 and status = 'completed') as flows,
           (select count(*) from all_runs where account_id = $1 and trigger = 'schedule' and status = 'succeeded') as ticks`,
        [second.id],
      );
      return row !== undefined && row.webhooks >= 3 && row.flows === 1 && row.ticks >= 1;
    });
  });

  async function runsOf(...statuses: string[]): Promise<number> {
    const [row] = await database.query<{ n: number }>(
      'select count(*) as n from all_runs where account_id = $1 and status = any($2::run_status[])',
      [second.id, statuses],
    );
    return row?.n ?? 0;
  }

  test('has its warm instances ended, and a run that goes on ends well', async () => {
    const slow = await suspended.customer.uploadCode(
      `exports.handler = async () => {
         await new Promise((resolve) => setTimeout(resolve, 3000));
         return { statusCode: 200, body: 'to its end' };
       };`,
    );
    await suspended.customer.call(suspended.fn);
    const going = suspended.customer.call(slow);
    await until('the run goes on', async () => (await instances()) >= 2);
    const before = await instances();
    await suspend();
    await until('warm instances are ended', async () => (await instances()) < before);
    const answer = await going;
    assert.deepEqual([answer.status, await answer.text()], [200, 'to its end']);
    await resume();
  });

  const instances = async (): Promise<number> =>
    (await operator.json<{ instances: number }>('/millrace/v1/platform')).instances;

  test("is never the operator's own; and only what there is can be suspended", async () => {
    const { account_id: own } = await operator.json<{ account_id: string }>('/millrace/v1/account/limits');
    const post = (id: string) => operator.request(`${ACCOUNTS}/${id}/suspend`, { method: 'POST' });
    assert.equal((await post(own)).status, 422);
    assert.equal((await post('ZZ0000')).status, 404);
  });
});
