// What one publish may start, for every combination of those that listen: functions, flows, e-mail templates,
// subscriptions. As much as may be is started, more is refused with its number and nothing is kept; what SQL
// publishes comes in portions. Through the public doors.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../../src/postgres/database.ts';
import { Customer, type HostedFunction, zipOf } from './customer.ts';
import { embeddedDatabaseOf } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

/** Rows that one publish may start. */
const MOST = 12;
/** Of each kind, those that listen to an event of a combination. */
const EACH = 2;
const FUNCTIONS = MOST + 2;
const LOOK_EVERY_MS = 20;
const OWN = '/millrace/v1';

/** What is made of an event, and where that is written. */
const MADE = {
  function: 'runs',
  flow: 'flow_runs',
  template: 'template_mails',
  subscription: 'deliveries',
};
type Listener = keyof typeof MADE;
const LISTENERS = Object.keys(MADE) as Listener[];
/** All but the empty one. */
const COMBINATIONS = Array.from({ length: 2 ** LISTENERS.length - 1 }, (_, n) =>
  LISTENERS.filter((__, bit) => ((n + 1) >> bit) % 2 === 1),
);
const typeOf = (listeners: readonly string[]): string => `sale.${listeners.join('_')}`;

describe('a publish to which listens', { skip: noJails() }, () => {
  let millrace: Millrace;
  let customer: Customer;
  let database: Database;
  let functions: HostedFunction[];

  before(async () => {
    millrace = await startMillrace({ env: { MILLRACE_RUNS_PER_PUBLISH: String(MOST) } });
    customer = new Customer(millrace);
    database = embeddedDatabaseOf(millrace);
    const zip = zipOf({ 'index.js': 'exports.handler = async () => null;' });
    functions = await Promise.all(
      Array.from({ length: FUNCTIONS }, async () => {
        const fn = await customer.upload(zip);
        // Its runs are accepted and held.
        await post(`${OWN}/functions/${fn.id}/pause`, {});
        return fn;
      }),
    );
    for (const type of ['sale.everyone', ...COMBINATIONS.map(typeOf)])
      await post(`${OWN}/event-types`, { name: type, item_type: 'sale', description: type });
  });
  after(async () => {
    await database?.close();
    await millrace?.close();
  });

  const send = (path: string, body: unknown): Promise<Response> =>
    customer.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  async function post(path: string, body: unknown): Promise<void> {
    const answer = await send(path, body);
    assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.text()}`);
  }

  let made = 0;
  /** Has one more of a kind listen. */
  const LISTEN: Record<Listener, (type: string, n: number) => Promise<void>> = {
    function: (type, n) =>
      post(`${OWN}/triggers`, {
        ...{ function_id: functions[n]?.id, kind: 'account_event', settings: { notations: [type] } },
      }),
    flow: (type) =>
      post(`${OWN}/flows`, {
        ...{ name: `flow ${++made}`, kind: 'sale_lifecycle', enabled: true, starts: [type] },
        nodes: [
          { id: 'begin', type: 'start', next: 'pause' },
          { id: 'pause', type: 'wait', delay_s: 3600, next: null },
        ],
      }),
    template: (type) =>
      post(`${OWN}/email-templates`, {
        ...{ name: `template ${++made}`, template_subject: 's', template_html: 'h' },
        ...{ template_to: ['a@b.example'], template_trigger: 'account_event', event_filter: [type] },
      }),
    subscription: (type) =>
      post('/api/v1/event_subscriptions', {
        ...{ event_type: type, method: 'email', format: 'json', active: true },
        destination: `a${++made}@b.example`,
      }),
  };
  async function listen(listeners: readonly Listener[], type: string): Promise<void> {
    for (const listener of listeners) for (let n = 0; n < EACH; n += 1) await LISTEN[listener](type, n);
  }
  const events = (type: string, count: number): unknown[] =>
    Array.from({ length: count }, (_, n) => ({ notations: [type], item_id: `S${n}` }));

  /** Rows that events of the type have made, the events themselves first. */
  async function rowsOf(type: string): Promise<number[]> {
    const tables = ['events', ...Object.values(MADE)];
    const counts = tables.map(async (table) => {
      const id = table === 'events' ? 'id' : 'event_id';
      const rows = await database.query<{ n: number }>(
        `select count(*) as n from ${table} where ${id} in (select id from events where $1 = any(notations))`,
        [type],
      );
      return rows[0]?.n ?? 0;
    });
    return await Promise.all(counts);
  }
  const all = async (): Promise<number> => {
    const counts = Object.values(MADE).map((table) =>
      database.query<{ n: number }>(`select count(*) as n from ${table}`),
    );
    return (await Promise.all(counts)).reduce((sum, [row]) => sum + (row?.n ?? 0), 0);
  };

  for (const listeners of COMBINATIONS)
    test(`${listeners.join(', ')}: starts as much as it may, and no more`, async () => {
      const type = typeOf(listeners);
      await listen(listeners, type);
      const most = Math.floor(MOST / (EACH * listeners.length));
      const before = await all();
      const refused = await send(`${OWN}/events`, events(type, most + 1));
      assert.equal(refused.status, 429);
      assert.match(
        await refused.text(),
        new RegExp(`more than ${MOST} runs, flow runs, mails and deliveries`),
      );
      assert.deepEqual([await rowsOf(type), await all()], [[0, 0, 0, 0, 0], before]);
      await post(`${OWN}/events`, events(type, most));
      const expected = LISTENERS.map((listener) => (listeners.includes(listener) ? most * EACH : 0));
      assert.deepEqual(await rowsOf(type), [most, ...expected]);
    });

  test('more than it alone may start: is refused, and comes in portions where SQL publishes it', async () => {
    const type = 'sale.everyone';
    await listen(['flow', 'template', 'subscription'], type);
    for (let n = 0; n < FUNCTIONS; n += 1) await LISTEN.function(type, n);
    const refused = await send(`${OWN}/events`, events(type, 1));
    assert.equal(refused.status, 429);
    assert.match(
      await refused.text(),
      new RegExp(`one event alone would start ${FUNCTIONS + 3 * EACH} runs`),
    );
    assert.deepEqual(await rowsOf(type), [0, 0, 0, 0, 0]);
    const [account] = await database.query<{ id: string }>('select id from accounts');
    await database.query("select millrace_publish_event($1, 'live', $2::jsonb)", [
      account?.id,
      JSON.stringify({ notations: [type], item_id: 'S1' }),
    ]);
    const whole = [1, FUNCTIONS, EACH, EACH, EACH];
    for (const giveUpAt = Date.now() + 30_000; ; await delay(LOOK_EVERY_MS)) {
      const rows = await rowsOf(type);
      if (rows.join() === whole.join()) break;
      // The others are reported with the last portion.
      assert.ok(rows[1] === FUNCTIONS || rows.slice(2).every((count) => count === 0), rows.join());
      assert.ok(Date.now() < giveUpAt, rows.join());
    }
    const [portions] = await database.query<{ n: number }>(
      `select count(distinct xmin::text) as n from runs where event_id in (select id from events where $1 = any(notations))`,
      [type],
    );
    assert.equal(portions?.n, 2);
    const [twice] = await database.query<{ n: number }>(
      `select count(*) - count(distinct function_id) as n from all_runs
       where event_id in (select id from events where $1 = any(notations))`,
      [type],
    );
    assert.equal(twice?.n, 0);
  });
});
