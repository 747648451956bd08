// Events that start more runs than one transaction, or than their account's queue takes, on a real
// PostgreSQL: routed in portions, each function once, whatever comes between two of them.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { ConsumeEvents } from '../../src/events/event-consumer.ts';
import { routeBatch } from '../../src/events/event-router.ts';
import { eventState, findEvent } from '../../src/events/event-store.ts';
import { routeAgain, setAside } from '../../src/events/unmatched-store.ts';
import { type EventScene, LIVE, openEventScene } from './event-scene.ts';

const FUNCTIONS = 23;
const MOST_RUNS = 5;

describe('an event that starts more runs than there is room for', () => {
  let scene: EventScene;
  let ids: string[];
  before(async () => {
    scene = await openEventScene();
  });
  after(() => scene?.database.close());
  afterEach(() => scene.clear());

  const publish = (id: string, names: object = { notations: ['sale.created'] }) =>
    scene.database.query("select millrace_publish_event('AA0001', 'live', $1::jsonb)", [
      JSON.stringify({ id, ...names, item_id: 'S1' }),
    ]);
  const stateOf = async (id: string) =>
    eventState((await findEvent(scene.database, LIVE, id)) ?? assert.fail(`no event ${id}`));
  const startedBy = async (id: string) => (await scene.runs(id)).map((run) => run.function_id).sort();
  const hurry = () => scene.database.query('update events set retry_at = now() where retry_at is not null');
  const finishAll = () => scene.database.query("update runs set status = 'succeeded'");
  /** In an order that isn't the one of their ids. */
  async function listen(count = FUNCTIONS): Promise<void> {
    ids = Array.from({ length: count }, (_, n) => `f${String((n * 7) % count).padStart(2, '0')}`);
    for (const id of ids) await scene.addTrigger(await scene.addFunction(id), ['sale.created']);
    ids.sort();
  }
  function counting(): { told: string[]; consumer: ConsumeEvents } {
    const told: string[] = [];
    return {
      told,
      consumer: async (_, events) => {
        told.push(...events.map(({ id }) => id));
      },
    };
  }

  test('is routed portion by portion, each function once, and others are told of it once, at its end', async () => {
    await listen();
    const { told, consumer } = counting();
    const { router } = scene.openNode({ mostRuns: MOST_RUNS, consumers: [consumer] });
    await publish('big');
    for (let portion = 1; portion <= 4; portion += 1) {
      assert.equal(await routeBatch(router), 1);
      assert.deepEqual(await startedBy('big'), ids.slice(0, portion * MOST_RUNS));
      assert.deepEqual([await stateOf('big'), told], ['waiting', []]);
    }
    assert.equal(await routeBatch(router), 1);
    assert.equal(await routeBatch(router), 0);
    assert.deepEqual(await startedBy('big'), ids);
    assert.deepEqual([await stateOf('big'), told], ['routed', ['big']]);
  });

  test('makes no other one wait', async () => {
    await listen();
    const { router } = scene.openNode({ mostRuns: MOST_RUNS });
    await scene.addTrigger(await scene.addFunction('small'), ['order:created']);
    await publish('big');
    await publish('other', { type: 'order:created' });
    await routeBatch(router);
    assert.deepEqual([await stateOf('big'), await stateOf('other')], ['waiting', 'routed']);
    assert.deepEqual(await startedBy('other'), ['small']);
  });

  test('is neither begun anew nor left where a portion is undone or its node dies between two of them', async () => {
    await listen();
    let fails = true;
    const dying: ConsumeEvents = async () => {
      if (fails) throw new Error('dies before its commit');
    };
    await publish('big');
    const first = scene.openNode({ mostRuns: MOST_RUNS, consumers: [dying] });
    await routeBatch(first.router);
    const undoing = scene.database.transaction(async (sql) => {
      const together = {
        ...first.router,
        database: { transaction: <T>(work: (s: typeof sql) => Promise<T>) => work(sql) },
      };
      await routeBatch(together);
      throw new Error('the power fails');
    });
    await assert.rejects(undoing, /the power fails/);
    assert.equal((await startedBy('big')).length, MOST_RUNS);
    // Nodes that know nothing of each other; the last portion fails once, with what it has started.
    for (let portion = 2; portion <= 5; portion += 1) {
      await routeBatch(scene.openNode({ mostRuns: MOST_RUNS, consumers: [dying] }).router);
    }
    assert.deepEqual([(await startedBy('big')).length, await stateOf('big')], [20, 'waiting']);
    fails = false;
    await hurry();
    await routeBatch(scene.openNode({ mostRuns: MOST_RUNS }).router);
    assert.deepEqual([await startedBy('big'), await stateOf('big')], [ids, 'routed']);
  });

  test('is routed once by nodes that do it at the same time', async () => {
    await listen();
    await publish('big');
    const routers = [1, 2, 3].map(() => scene.openNode({ mostRuns: 2 }).router);
    await Promise.all(
      routers.map(async (router) => {
        for (let looks = 0; looks < 200 && (await stateOf('big')) === 'waiting'; looks += 1)
          await routeBatch(router);
      }),
    );
    assert.deepEqual([await startedBy('big'), await stateOf('big')], [ids, 'routed']);
  });

  test('starts what its account has room for, and the rest as there is room again', async () => {
    await listen();
    const node = () => scene.openNode({ queuedRuns: 10 }).router;
    await publish('big');
    await routeBatch(node());
    assert.deepEqual(await startedBy('big'), ids.slice(0, 10));
    assert.equal(await routeBatch(node()), 0, 'not at once');
    await hurry();
    await routeBatch(node());
    assert.equal((await startedBy('big')).length, 10, 'there is no room yet');
    for (const until of [20, 23]) {
      await finishAll();
      await hurry();
      await routeBatch(node());
      assert.deepEqual(await startedBy('big'), ids.slice(0, until));
    }
    const event = await findEvent(scene.database, LIVE, 'big');
    assert.deepEqual([await stateOf('big'), event?.tries], ['routed', 0]);
  });

  test('goes on where it was, whatever listens or is deleted in between, and when it is routed again by wanted', async () => {
    await listen();
    await publish('big');
    const { router } = scene.openNode({ mostRuns: MOST_RUNS });
    await routeBatch(router);
    await scene.addTrigger('f00', ['sale.created'], { name: 'once more' });
    await scene.addTrigger(await scene.addFunction('f99'), ['sale.created']);
    await scene.database.query("delete from functions where id in ('f04', 'f05')");
    const event = (await findEvent(scene.database, LIVE, 'big')) ?? assert.fail();
    await setAside(scene.database, event, { tries: 8, fault: 'a defect' });
    assert.equal(await routeAgain(scene.database, LIVE, 'big'), true);
    for (let portions = 0; portions < FUNCTIONS && (await routeBatch(router)) > 0; portions += 1);
    const left = ids.filter((id) => id !== 'f05');
    assert.deepEqual(await startedBy('big'), [...left, 'f99']);
    assert.equal(await stateOf('big'), 'routed');
  });

  test('is refused at the door with its number and the limit, and kept by nobody', async () => {
    await listen();
    const node = scene.openNode({ mostRuns: MOST_RUNS });
    await assert.rejects(node.publish({ type: 'sale.created', item_id: 'S1' }), {
      code: 'too_many_runs',
      message:
        /one event alone would start 23 runs, flow runs, mails and deliveries, and one request may start 5 \(MILLRACE_RUNS_PER_PUBLISH\)/,
    });
    assert.equal(await scene.count('events'), 0);
  });
});
