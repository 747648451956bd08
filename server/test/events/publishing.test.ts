// Publishing on a real PostgreSQL: what is kept, once, together with what it causes.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { PublishedEvent } from '../../src/events/account-event.ts';
import { findEvent } from '../../src/events/event-store.ts';
import { sweepEvents } from '../../src/events/event-sweeper.ts';
import { insertEventType } from '../../src/events/event-type-store.ts';
import { type EventScene, LIVE, OTHER, openEventScene, TEST } from './event-scene.ts';

const SALE = { notations: ['sale.created.success.paid'], item_id: 'S1', data: { amount_gross: 12.5 } };

describe('publishing events', () => {
  let scene: EventScene;
  before(async () => {
    scene = await openEventScene();
  });
  after(() => scene?.database.close());
  afterEach(() => scene.clear());

  test('an event starts every function that listens, once, and tells it what fired', async () => {
    const both = await scene.addFunction('both');
    await scene.addFunction('deaf');
    await scene.addTrigger(both, ['sale.created', 'sale.created.success']);
    const slow = await scene.addTrigger(await scene.addFunction('slow'), ['sale.created'], {
      delay_ms: 300_000,
    });
    await scene.addTrigger('deaf', ['order:created']);
    const [accepted] = await scene.openNode().publish({ ...SALE, id: 'e1', campaign: 'c1' });
    assert.deepEqual(accepted?.notations, [
      'sale.created.success.paid',
      'sale.created.success',
      'sale.created',
    ]);
    const runs = await scene.runs('e1');
    assert.deepEqual(
      accepted?.runs,
      runs.map((run) => run.id),
    );
    const byFunction = Object.fromEntries(runs.map((run) => [run.function_id, run]));
    assert.deepEqual(Object.keys(byFunction).sort(), ['both', 'slow']);
    assert.deepEqual(byFunction.both?.cause, {
      ...{ event_id: 'e1', type: 'sale.created.success.paid', notation: 'sale.created.success' },
      ...{ item_type: 'sale', item_id: 'S1' },
    });
    assert.deepEqual([byFunction.both?.delayS, byFunction.slow?.delayS], [0, 300]);
    assert.equal(byFunction.slow?.trigger_id, slow.id);
    const input = await scene.inputOf(byFunction.both?.id ?? '');
    assert.equal(input.trigger, 'account_event');
    assert.equal(input.notation, 'sale.created.success');
    const { date, ...event } = input.event ?? assert.fail();
    assert.ok(Math.abs(Date.parse(date) - Date.now()) < 60_000);
    assert.deepEqual(event, {
      ...{ id: 'e1', type: 'sale.created.success.paid', notations: accepted?.notations, itemType: 'sale' },
      ...{ itemId: 'S1', campaign: 'c1', shop: null, data: { amount_gross: 12.5 }, related: {} },
    });
  });

  test('the same id again starts nothing and is answered as the first time', async () => {
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    const node = scene.openNode();
    const [first] = await node.publish({ ...SALE, id: 'e1' });
    await scene.addTrigger(await scene.addFunction('late'), ['sale.created']);
    const [again] = await node.publish({ ...SALE, id: 'e1', item_id: 'S2' });
    assert.deepEqual(again, { ...first, isDuplicate: true });
    assert.deepEqual([await scene.count('events'), await scene.count('runs')], [1, 1]);
  });

  test('an id published at once by many on two nodes is one event', async () => {
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    const nodes = [scene.openNode(), scene.openNode()];
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, at) => nodes[at % 2]?.publish({ ...SALE, id: `e${at % 3}` })),
    );
    assert.equal(answers.flat().filter((accepted) => accepted?.isDuplicate === false).length, 3);
    assert.deepEqual([await scene.count('events'), await scene.count('runs')], [3, 3]);
    for (const accepted of answers.flat()) assert.equal(accepted?.runs.length, 1);
    assert.equal(new Set(answers.flat().flatMap((accepted) => accepted?.runs)).size, 3);
  });

  test('ids are of a world: another world’s event of the same id is another', async () => {
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    const node = scene.openNode();
    const answers = await Promise.all(
      [LIVE, TEST, OTHER].map((world) => node.publish({ ...SALE, id: 'same' }, world)),
    );
    assert.deepEqual(
      answers.flat().map((accepted) => [accepted.isDuplicate, accepted.runs.length]),
      [
        [false, 1],
        [false, 0],
        [false, 0],
      ],
    );
  });

  test('an event twice in one request is one event', async () => {
    const [first, second] = await scene.openNode().publish([
      { ...SALE, id: 'e' },
      { ...SALE, id: 'e' },
    ]);
    assert.deepEqual([first?.isDuplicate, second?.isDuplicate], [false, true]);
  });

  test('of one id twice in a request the first is kept, and answered for both', async () => {
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    const order = { type: 'order:created', item_id: 'O1', id: 'e' };
    const [first, second] = await scene.openNode().publish([{ ...SALE, id: 'e' }, order]);
    assert.deepEqual(second, { ...first, isDuplicate: true });
    const kept = await findEvent(scene.database, LIVE, 'e');
    assert.deepEqual([kept?.type, kept?.itemId], ['sale.created.success.paid', 'S1']);
  });

  test('events of one request are kept in their order', async () => {
    const ids = Array.from({ length: 30 }, (_, at) => `e${String(at).padStart(2, '0')}`);
    await scene.openNode().publish(ids.map((id) => ({ ...SALE, id })));
    const rows = await scene.database.query<{ id: string }>('select id from events order by position');
    assert.deepEqual(
      rows.map(({ id }) => id),
      ids,
    );
  });

  test('a refusal names the field that the unknown word was given in', async () => {
    const node = scene.openNode();
    for (const [event, field] of [
      [{ ...SALE, type: 'order:created', notations: ['sale.created', 'sale.creatd'] }, 'notations.1'],
      [{ ...SALE, item_type: 'sael' }, 'item_type'],
    ] as const) {
      await assert.rejects(node.publish(event), { code: 'invalid_input', field });
      await assert.rejects(node.publish([event]), { code: 'invalid_input', field: `0.${field}` });
    }
  });

  test('nobody passes off a longer notation of his own as the platform’s word', async () => {
    const name = 'function.failed.badly';
    await insertEventType(scene.database, 'AA0001', { name, itemType: 'sale', description: null }, 10);
    await assert.rejects(scene.openNode().publish({ type: name, item_id: 'F1' }), {
      code: 'invalid_input',
      message: /function\.failed is published by the platform alone/,
    });
  });

  test('a request is kept whole or not at all', async () => {
    const node = scene.openNode();
    const refused = node.publish({ events: [SALE, { ...SALE, notations: ['sale.creatd'] }] });
    await assert.rejects(refused, {
      code: 'invalid_input',
      field: 'events.1.notations.0',
      message: /events\.1\.notations\.0: sale\.creatd .*near it are sale\.created/,
    });
    assert.equal(await scene.count('events'), 0);
  });

  test('events that would start too many runs are refused and not kept', async () => {
    for (const id of ['f1', 'f2', 'f3'])
      await scene.addTrigger(await scene.addFunction(id), ['sale.created']);
    const node = scene.openNode({ mostRuns: 5 });
    await assert.rejects(node.publish([SALE, SALE]), { code: 'too_many_runs' });
    assert.equal(await scene.count('events'), 0);
    assert.equal((await node.publish(SALE))[0]?.runs.length, 3);
  });

  test('a publisher whose account is full doesn’t hinder those who share his transaction', async () => {
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    await scene.addTrigger(await scene.addFunction('g', OTHER), ['sale.created'], {}, OTHER);
    const node = scene.openNode({ queuedRuns: 1 });
    await node.publish(SALE, OTHER);
    const answers = await Promise.allSettled([
      node.publish({ ...SALE, id: 'bad' }, OTHER),
      node.publish({ ...SALE, id: 'good' }),
    ]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['rejected', 'fulfilled'],
    );
    assert.equal((answers[0] as PromiseRejectedResult).reason.code, 'too_many_runs');
    assert.deepEqual(
      (await scene.database.query('select id from events where item_id = $1 order by position', ['S1'])).map(
        (row) => (row as { id: string }).id === 'bad',
      ),
      [false, false],
    );
  });

  test('what listens besides triggers acts in the same transaction', async () => {
    const heard: PublishedEvent[] = [];
    const node = scene.openNode({
      consumers: [
        async (sql, events) => {
          heard.push(...events);
          if (events.some((event) => event.itemId === 'bad')) throw new Error('no');
          await sql.query(
            "insert into event_types (account_id, name, item_type) values ('AA0001', 'a.heard', 'a')",
          );
        },
      ],
    });
    await node.publish({ ...SALE, id: 'e1' });
    assert.deepEqual(
      heard.map((event) => [event.id, event.depth]),
      [['e1', 0]],
    );
    assert.equal((await scene.database.query("select from event_types where name = 'a.heard'")).length, 1);
    await assert.rejects(node.publish({ ...SALE, item_id: 'bad' }), /no/);
    assert.equal(await scene.count('events'), 1);
  });

  test('a type that is added on another node may be published at once', async () => {
    const node = scene.openNode();
    const event = { type: 'parcel:lost', item_id: 'P1' };
    await assert.rejects(node.publish(event), { code: 'invalid_input' });
    const made = { name: 'parcel:lost', itemType: 'parcel', description: null };
    assert.equal(await insertEventType(scene.database, 'AA0001', made, 10), 'made');
    assert.equal((await node.publish(event))[0]?.isDuplicate, false);
    await assert.rejects(node.publish(event, OTHER), { code: 'invalid_input' });
  });

  test('events older than the retention go, those that nobody has matched yet stay', async () => {
    const node = scene.openNode();
    await node.publish([
      { ...SALE, id: 'old' },
      { ...SALE, id: 'new' },
      { ...SALE, id: 'waiting' },
    ]);
    await scene.database.query("update events set created_at = now() - interval '91 days' where id <> 'new'");
    await scene.database.query("update events set matched_at = null where id = 'waiting'");
    assert.equal(await sweepEvents(scene.database, 90, new AbortController().signal), 1);
    assert.deepEqual(await scene.database.query('select id from events order by id'), [
      { id: 'new' },
      { id: 'waiting' },
    ]);
  });
});
