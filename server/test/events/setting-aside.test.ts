// Events that can't be routed, on a real PostgreSQL: they stand in nobody's way, are tried again, set aside,
// and routed again on request.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumeEvents } from '../../src/events/event-consumer.ts';
import { routeBatch, startEventRouter } from '../../src/events/event-router.ts';
import { eventState, findEvent, type StoredEvent } from '../../src/events/event-store.ts';
import { MOST_TRIES } from '../../src/events/route-retry.ts';
import { routeAgain } from '../../src/events/unmatched-store.ts';
import { type EventScene, LIVE, openEventScene, TEST } from './event-scene.ts';

const SALE = { notations: ['sale.created'], item_id: 'S1' };

describe('an event that can not be routed', () => {
  let scene: EventScene;
  before(async () => {
    scene = await openEventScene();
  });
  after(() => scene?.database.close());
  afterEach(() => scene.clear());

  const publish = (id: string) =>
    scene.database.query("select millrace_publish_event('AA0001', 'live', $1::jsonb)", [
      JSON.stringify({ ...SALE, id }),
    ]);
  const kept = async (id: string): Promise<StoredEvent> =>
    (await findEvent(scene.database, LIVE, id)) ?? assert.fail(`no event ${id}`);
  const caused = async () => (await scene.runs()).map((run) => run.event_id);
  /** As if the time until the next try were over. */
  const hurry = () => scene.database.query('update events set retry_at = now() where retry_at is not null');

  /** Fails for the event `poison`. */
  const failing =
    (fail: (sql: Parameters<ConsumeEvents>[0]) => unknown): ConsumeEvents =>
    async (sql, events) => {
      if (events.some(({ id }) => id === 'poison')) await fail(sql);
    };
  const defect = failing(() => {
    throw new TypeError("can't read x of undefined");
  });
  /** What the database says of a statement that takes too long, though it is there. */
  const tooSlow = failing((sql) =>
    sql.query("do $$ begin raise exception 'canceling statement' using errcode = '57014'; end $$"),
  );

  test('makes no new one wait, however many are tried again', async () => {
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    for (let n = 0; n < 8; n += 1) await publish(`old${n}`);
    await scene.database.query('update events set retry_at = now()');
    await publish('new');
    const { router } = scene.openNode();
    assert.equal(await routeBatch(router, 4), 2);
    assert.deepEqual((await caused()).toSorted(), ['new', 'old0']);
    const running = startEventRouter(router);
    for (let looks = 0; looks < 500 && (await caused()).length < 9; looks += 1) await delay(10);
    await running.stop();
    assert.equal((await caused()).length, 9);
  });

  test('is tried again, set aside with an alarm, and routed again once that is mended', async () => {
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    await scene.addTrigger(await scene.addFunction('alarm'), ['event.set_aside']);
    const { router } = scene.openNode({ consumers: [defect] });
    await publish('poison');
    await publish('good');
    await routeBatch(router);
    assert.deepEqual(await caused(), ['good']);
    assert.deepEqual([eventState(await kept('poison')), (await kept('poison')).tries], ['waiting', 1]);
    assert.equal(await routeBatch(router), 0, 'not at once');
    for (let tries = 2; tries <= MOST_TRIES; tries += 1) {
      await hurry();
      assert.equal(await routeBatch(router), 1);
      assert.equal((await kept('poison')).tries, tries);
    }
    const aside = await kept('poison');
    assert.deepEqual([eventState(aside), (await kept('good')).fault], ['set_aside', null]);
    assert.match(aside.fault ?? '', /could not be routed in 8 tries/);
    assert.doesNotMatch(aside.fault ?? '', /undefined/);

    await hurry();
    assert.equal(await routeBatch(router), 1, 'the alarm, and no more of the event');
    const [, alarm] = await scene.runs();
    assert.equal(alarm?.function_id, 'alarm');
    const told = await kept(alarm?.event_id ?? '');
    assert.deepEqual([told.type, told.itemType, told.itemId], ['event.set_aside', 'event', 'poison']);
    assert.deepEqual(told.data, {
      ...{ event_id: 'poison', type: 'sale.created', item_id: 'S1', tries: MOST_TRIES, fault: aside.fault },
    });

    assert.equal(await routeAgain(scene.database, TEST, 'poison'), false, 'another world’s');
    assert.equal(await routeAgain(scene.database, LIVE, 'poison'), true);
    assert.equal(await routeBatch(scene.openNode().router), 1);
    assert.deepEqual((await caused()).filter((id) => id === 'poison').length, 1);
    const routed = await kept('poison');
    assert.deepEqual([eventState(routed), routed.fault, routed.tries], ['routed', null, 0]);
    assert.equal(
      await routeAgain(scene.database, LIVE, 'poison'),
      false,
      'there is nothing to be done again',
    );
  });

  test('is found alone where the database gives up a whole batch for it, and the others pass', async () => {
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    await publish('before');
    await publish('poison');
    for (let at = 0; at < 20; at += 1) await publish(`after${at}`);
    const router = startEventRouter(scene.openNode({ consumers: [tooSlow] }).router);
    for (const giveUpAt = Date.now() + 20_000; (await scene.count('runs')) < 21; ) {
      assert.ok(Date.now() < giveUpAt, `${await scene.count('runs')} runs`);
      router.wake();
    }
    await router.stop();
    assert.equal((await caused()).includes('poison'), false);
    const poison = await kept('poison');
    assert.equal(eventState(poison), 'waiting');
    assert.ok(poison.tries >= 1);
  });

  test('that is an alarm itself sets off no other', async () => {
    const { router } = scene.openNode({ consumers: [failing(() => assert.fail('no'))] });
    const own = { type: 'event.set_aside', itemId: 'x', data: {}, causeEventId: null } as const;
    await scene.database.transaction((sql) => scene.publishOwn(sql, LIVE, [own]));
    await scene.database.query("update events set id = 'poison'");
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      await hurry();
      await routeBatch(router);
    }
    assert.equal(eventState(await kept('poison')), 'set_aside');
    assert.equal(await scene.count('events'), 1);
  });
});
