// Publishing by SQL, and the router that matches what was published so: on a real PostgreSQL.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { routeBatch, startEventRouter } from '../../src/events/event-router.ts';
import { findEvent } from '../../src/events/event-store.ts';
import { EVENTS_CHANNEL } from '../../src/events/unmatched-store.ts';
import type { Sql } from '../../src/postgres/database.ts';
import { openListener } from '../../src/postgres/listener.ts';
import { type EventScene, LIVE, openEventScene, SILENT } from './event-scene.ts';

const SALE = { notations: ['sale.created.success.paid'], item_id: 'S1' };

describe('millrace_publish_event', () => {
  let scene: EventScene;
  before(async () => {
    scene = await openEventScene();
  });
  after(() => scene?.database.close());
  afterEach(() => scene.clear());

  async function publish(event: unknown, sql: Sql = scene.database): Promise<string> {
    const [row] = await sql.query<{ id: string }>(
      "select millrace_publish_event('AA0001', 'live', $1::jsonb) as id",
      [JSON.stringify(event)],
    );
    return row?.id ?? '';
  }

  /** An object around so many levels. */
  function nested(levels: number): Record<string, unknown> {
    let value: unknown = 1;
    for (let level = 1; level < levels; level += 1) value = [value];
    return { value };
  }

  async function eventually(holds: () => Promise<boolean>): Promise<void> {
    const giveUpAt = Date.now() + 20_000;
    while (!(await holds())) {
      if (Date.now() > giveUpAt) assert.fail('it never holds');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  test('an event is matched when the caller’s transaction commits, and its functions run once', async () => {
    const node = scene.openNode();
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    let id = '';
    await scene.database.transaction(async (sql) => {
      id = await publish({ ...SALE, data: { amount: 1 }, date: '2026-11-22T10:00:00+01:00' }, sql);
      assert.equal(await routeBatch(node.router), 0, 'nobody sees it before');
    });
    assert.equal(await routeBatch(node.router), 1);
    assert.equal(await routeBatch(node.router), 0);
    const [run] = await scene.runs(id);
    assert.equal(run?.cause.notation, 'sale.created');
    const { event } = await scene.inputOf(run?.id ?? '');
    assert.deepEqual(event, {
      ...{
        id,
        type: 'sale.created.success.paid',
        itemType: 'sale',
        itemId: 'S1',
        campaign: null,
        shop: null,
      },
      notations: ['sale.created.success.paid', 'sale.created.success', 'sale.created'],
      ...{ date: '2026-11-22T09:00:00.000Z', data: { amount: 1 }, related: {} },
    });
    const kept = await findEvent(scene.database, LIVE, id);
    assert.deepEqual(kept?.notations, event?.notations);
    assert.ok(kept?.matchedAt instanceof Date);
  });

  test('a transaction that is rolled back publishes nothing', async () => {
    const undone = scene.database.transaction(async (sql) => {
      await publish(SALE, sql);
      throw new Error('undone');
    });
    await assert.rejects(undone, /undone/);
    assert.equal(await scene.count('events'), 0);
  });

  test('the same id is one event, by whichever door', async () => {
    const node = scene.openNode();
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    assert.equal(await publish({ ...SALE, id: 'e1' }), 'e1');
    assert.equal(await publish({ ...SALE, id: 'e1' }), 'e1');
    const [again] = await node.publish({ ...SALE, id: 'e1' });
    assert.deepEqual([again?.isDuplicate, again?.notations.length], [true, 3]);
    await routeBatch(node.router);
    assert.equal(await scene.count('runs'), 1);
  });

  test('a running router hears of a commit, and waits for no poll', async (context) => {
    context.mock.timers.enable({ apis: ['setInterval'] });
    const { router } = scene.openNode();
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    const running = startEventRouter(router);
    const channels = { [EVENTS_CHANNEL]: running.wake };
    const listener = await openListener(scene.database.url, { channels, onMissed: running.wake }, SILENT);
    await publish(SALE);
    await eventually(async () => (await scene.count('runs')) === 1);
    await listener.close();
    await running.stop();
  });

  test('events are matched in the order in which they were kept, by several nodes exactly once', async () => {
    const nodes = [scene.openNode(), scene.openNode(), scene.openNode()];
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    await scene.database.transaction(async (sql) => {
      for (let at = 0; at < 350; at += 1) await publish({ ...SALE, id: `e${at}` }, sql);
    });
    assert.equal(await routeBatch(nodes[0]?.router ?? assert.fail()), 100);
    assert.deepEqual(
      (await scene.runs()).map((run) => run.event_id),
      Array.from({ length: 100 }, (_, at) => `e${at}`),
    );
    const routers = nodes.map(({ router }) => startEventRouter(router));
    await eventually(async () => (await scene.count('runs')) >= 350);
    await Promise.all(routers.map((router) => router.stop()));
    const runs = await scene.runs();
    assert.equal(new Set(runs.map((run) => run.event_id)).size, 350);
    assert.equal(runs.length, 350);
  });

  test('an event that nothing can follow from says why and stands in nobody’s way', async () => {
    const { router } = scene.openNode();
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    await publish({ ...SALE, id: 'bad', data: { text: 'x'.repeat(150_000) } });
    await publish({ ...SALE, id: 'good' });
    await routeBatch(router);
    assert.deepEqual(
      (await scene.runs()).map((run) => run.event_id),
      ['good'],
    );
    assert.match((await findEvent(scene.database, LIVE, 'bad'))?.fault ?? '', /at most 100000 bytes/);
    assert.equal(await routeBatch(router), 1, 'what tells of it');
    assert.equal(await routeBatch(router), 0);
  });

  test('an event whose account has too much queued is tried again later', async () => {
    const node = scene.openNode({ queuedRuns: 1 });
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    for (const id of ['e1', 'e2']) await publish({ ...SALE, id });
    await routeBatch(node.router);
    assert.equal(await scene.count('runs'), 1);
    assert.equal(await routeBatch(node.router), 0, 'not at once');
    await scene.database.query('update events set retry_at = now() where retry_at is not null');
    await routeBatch(scene.openNode().router);
    assert.equal(await scene.count('runs'), 2);
  });

  const REFUSED: [unknown, RegExp][] = [
    [[], /an event must be an object/],
    [{ item_id: 'x' }, /type: is required, or notations/],
    [{ type: 'order:created' }, /item_id: is required/],
    [{ type: 'order:created', item_id: 7 }, /item_id: must be text/],
    [{ type: 'order:created', item_id: '' }, /item_id: must have 1 to 200 characters/],
    [{ type: 'Order', item_id: 'x' }, /"Order" is no type such as/],
    [
      { type: 'order:craeted', item_id: 'x' },
      /"order:craeted" is not known; of that item are known: order:created, /,
    ],
    [{ notations: ['sale.created', 'sale.crated'], item_id: 'x' }, /"sale\.crated" is not known/],
    [{ notations: [7], item_id: 'x' }, /"7" is no type such as/],
    [{ notations: 'sale.created', item_id: 'x' }, /notations: must be a list/],
    [{ type: 'function.failed', item_id: 'x' }, /published by the platform alone/],
    [{ type: 'order:created', item_id: 'x', id: 'a b' }, /id: must be/],
    [{ type: 'order:created', item_id: 'x', typ: 1 }, /typ: there is no such field here/],
    [{ type: 'order:created', item_id: 'x', date: 'now' }, /date: must be a time/],
    [{ type: 'order:created', item_id: 'x', date: '2026-02-30T00:00:00Z' }, /date: there is no such time/],
    [{ type: 'order:created', item_id: 'x', data: 'x' }, /data: must be an object/],
    [{ type: 'order:created', item_id: 'x', item_type: 'A b' }, /item_type: must be/],
    [{ type: 'order:created', item_id: 'x', data: { a: 'x'.repeat(300_000) } }, /the event is too large/],
    [{ type: 'order:created', item_id: 'x', item_type: 'ordr' }, /item_type: "ordr" is not known/],
    [
      { type: 'order:created', item_id: 'x', item_type: 'order', subject: 'sale' },
      /subject: must be the same/,
    ],
    [{ type: 'order:created', item_id: 'x', date: '2026-01-01T00:00:00+24:00' }, /date: must be a time/],
    [
      { type: 'order:created', item_id: 'x', date: '9999-12-31T23:59:59-12:00' },
      /date: .*years 1900 to 9999/,
    ],
    [{ type: 'order:created', item_id: 'x', data: nested(101) }, /data: must not be nested deeper than 100/],
    [{ type: 'order:created', item_id: 'x', related: nested(1500) }, /related: must not be nested deeper/],
  ];
  for (const [event, message] of REFUSED) {
    test(`it refuses ${JSON.stringify(event).slice(0, 60)}`, async () => {
      await assert.rejects(publish(event), { code: '22023', message });
      assert.equal(await scene.count('events'), 0);
    });
  }

  test('it refuses a number that no double holds', async () => {
    const event = '{"type":"order:created","item_id":"x","data":{"n":[-1e999]}}';
    await assert.rejects(
      scene.database.query("select millrace_publish_event('AA0001', 'live', $1::jsonb)", [event]),
      { code: '22023', message: 'data: must not hold a number this large' },
    );
  });

  test('it refuses a longer notation that would be heard as the platform’s word', async () => {
    const forging = scene.database.transaction(async (sql) => {
      await sql.query("set local millrace.allow_unknown_events = 'true'");
      await publish({ type: 'function.failed.badly', item_id: 'x' }, sql);
    });
    await assert.rejects(forging, { code: '22023', message: /published by the platform alone/ });
    assert.equal(await scene.count('events'), 0);
  });

  test('null counts as left out, and the deepest data that is allowed is kept', async () => {
    const bare = {
      type: 'order:created',
      item_id: 'x',
      data: null,
      related: null,
      notations: null,
      date: null,
    };
    await publish({ ...bare, id: 'null' });
    await publish({ ...bare, id: 'deep', data: nested(100) });
    const kept = await findEvent(scene.database, LIVE, 'null');
    assert.deepEqual([kept?.data, kept?.related, kept?.itemType], [{}, {}, 'order']);
    assert.deepEqual((await findEvent(scene.database, LIVE, 'deep'))?.data, nested(100));
  });

  test('it refuses an account that there isn’t, in words', async () => {
    await assert.rejects(
      scene.database.query("select millrace_publish_event('ZZ9999', 'live', $1)", [JSON.stringify(SALE)]),
      { code: '22023', message: 'there is no account ZZ9999' },
    );
  });

  test('it accepts what the caller’s session allows although it is unknown', async () => {
    await scene.database.transaction(async (sql) => {
      await sql.query("set local millrace.allow_unknown_events = 'true'");
      await publish({ type: 'any:thing', item_id: 'x' }, sql);
    });
    assert.equal(await scene.count('events'), 1);
  });
});
