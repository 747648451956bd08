// What the events of one request may cause, on a real PostgreSQL with real flows, templates and
// subscriptions: counted before anything is written, refused with its number, written in portions, and in
// nobody else's way.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { EventConsumer } from '../../src/events/event-consumer.ts';
import { newItemId, newRunId } from '../../src/ids/ids.ts';
import { readFlow } from '../../src/sources/flows/flow-fields.ts';
import { insertFlow } from '../../src/sources/flows/flow-store.ts';
import { createFlowStarter } from '../../src/sources/flows/start-flow-runs.ts';
import { createMailStarter } from '../../src/sources/templates/follow-runs.ts';
import { createDeliveryStarter } from '../../src/subscriptions/event-deliveries.ts';
import { type EventScene, LIVE, OTHER, openEventScene } from './event-scene.ts';

const sales = (count: number, data = {}) =>
  Array.from({ length: count }, () => ({ notations: ['sale.created'], item_id: 'S1', data }));

describe('events of one request', () => {
  let scene: EventScene;
  before(async () => {
    scene = await openEventScene();
  });
  after(() => scene?.database.close());
  afterEach(async () => {
    await scene.clear();
    await scene.database.query(
      'truncate flows, flow_runs, email_templates, template_mails, event_subscriptions',
    );
  });

  const consumers = () => [
    createFlowStarter(newItemId),
    createMailStarter(() => newRunId(Date.now())),
    createDeliveryStarter(),
  ];
  async function flows(count: number): Promise<void> {
    const nodes = [
      { id: 'begin', type: 'start', next: 'pause' },
      { id: 'pause', type: 'wait', delay_s: 3600, next: null },
    ];
    const flow = readFlow({
      name: 'f',
      kind: 'sale_lifecycle',
      enabled: true,
      starts: ['sale.created'],
      nodes,
    });
    for (let made = 0; made < count; made += 1) await insertFlow(scene.database, LIVE, newItemId(), flow);
  }
  const templates = (count: number) =>
    scene.database.query(
      `insert into email_templates (id, account_id, mode, name, folded_name, subject, sender, recipients, html, trigger, notations)
       select 't' || n, 'AA0001', 'live', 't' || n, 't' || n, 's', 'a@b.example', '{}', '', 'account_event', '{sale.created}'
       from generate_series(1, $1) n`,
      [count],
    );
  const subscriptions = (count: number) =>
    scene.database.query(
      `insert into event_subscriptions (id, account_id, mode, event_type, method, format, destination, active, time_zone,
         sealed_secrets)
       select 's' || n, 'AA0001', 'live', 'sale.created', 'http', 'json', 'https://host.example/', true, 'UTC', ''
       from generate_series(1, $1) n`,
      [count],
    );
  const rows = async (table: string) =>
    (await scene.database.query<{ n: number }>(`select count(*) as n from ${table}`))[0]?.n;

  test('are refused together by what flows, templates, subscriptions and functions make of them, and none is kept', async () => {
    await flows(4);
    await templates(3);
    await subscriptions(2);
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    const node = scene.openNode({ consumers: consumers(), mostRuns: 99 });
    await assert.rejects(node.publish(sales(10)), {
      code: 'too_many_runs',
      message: /these events would start more than 99 runs, flow runs, mails and deliveries at once/,
      facts: { limit: 99 },
    });
    for (const table of ['events', 'runs', 'flow_runs', 'template_mails', 'deliveries']) {
      assert.equal(await rows(table), 0, table);
    }
    await node.publish(sales(9));
    const made = await Promise.all(['runs', 'flow_runs', 'template_mails', 'deliveries'].map(rows));
    assert.deepEqual(made, [9, 36, 27, 18]);
  });

  test('are refused by the bytes that the copies of them would have', async () => {
    await flows(150);
    const node = scene.openNode({ consumers: consumers(), mostBytes: 1_000_000 });
    const data = { text: 'x'.repeat(5_000) };
    await assert.rejects(node.publish(sales(2, data)), {
      code: 'too_many_runs',
      message: /would hold more than 1000000 bytes \(MILLRACE_BYTES_PER_PUBLISH\)/,
    });
    assert.equal(await rows('events'), 0);
    await node.publish(sales(1, data));
    assert.equal(await rows('flow_runs'), 150);
    await scene.database.query(
      "update flows set nodes = nodes || jsonb_build_array(jsonb_build_object('id', repeat('x', 10000)))",
    );
    await assert.rejects(node.publish(sales(1)), {
      code: 'too_many_runs',
      message: /what one event alone starts would hold \d+ bytes, and that of one request may hold 1000000 /,
    });
  });

  test('make flow runs and mails that hold what flow, template and event held', async () => {
    await flows(1);
    await templates(1);
    const node = scene.openNode({ consumers: consumers() });
    const data = { amount: 12.5, text: 'süß' };
    const event = { id: 'e1', notations: ['sale.created.success'], item_id: 'S1', data };
    await node.publish(event);
    const [run] = await scene.database.query('select * from flow_runs');
    assert.deepEqual(
      [run?.flow_name, run?.node_id, run?.event_id, run?.item_type, run?.item_id, run?.item_details],
      ['f', 'begin', 'e1', 'sale', 'S1', data],
    );
    assert.deepEqual(
      (run?.nodes as { id: string }[] | undefined)?.map(({ id }) => id),
      ['begin', 'pause'],
    );
    const [mail] = await scene.database.query('select * from template_mails');
    assert.deepEqual(mail?.input, {
      ...{ item_type: 'sale', item_id: 'S1', item_details: data, event_id: 'e1' },
      event_notations: ['sale.created.success', 'sale.created'],
    });
  });

  test('that cause much are written by themselves: what another account publishes meanwhile does not wait for them', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const rowsOf = ({ itemId }: { itemId: string }): number => (itemId === 'S1' ? 700 : 0);
    const heavy: EventConsumer = {
      consume: async (_, events) => {
        if (events.some((event) => rowsOf(event) > 0)) await held;
      },
      counter: async () => (event) => ({ rows: rowsOf(event), bytes: 0 }),
      foresee: rowsOf,
      copies: false,
    };
    const node = scene.openNode({ consumers: [heavy] });
    const own = node.publish(sales(1));
    const others = await Promise.all(
      [1, 2, 3].map((n) => node.publish({ type: 'order:created', item_id: `O${n}` }, OTHER)),
    );
    assert.equal(others.length, 3);
    assert.equal(await rows('events'), 3);
    release();
    await own;
    assert.equal(await rows('events'), 4);
  });

  test('whose weight nobody knew are taken apart when it shows, and all of them are kept', async () => {
    await flows(30);
    const node = scene.openNode({ consumers: consumers() });
    const [own, other] = await Promise.all([
      node.publish(sales(100)),
      node.publish({ type: 'order:created', item_id: 'O1' }, OTHER),
    ]);
    assert.deepEqual([own.length, other.length], [100, 1]);
    assert.deepEqual([await rows('events'), await rows('flow_runs')], [101, 3_000]);
    const [writes] = await scene.database.query<{ n: number }>(
      'select count(distinct xmin::text) as n from events',
    );
    assert.equal(writes?.n, 2, 'each in a transaction of its own');
  });
});
