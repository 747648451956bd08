// What the platform says of an account, on a real PostgreSQL: events like any other, which never feed
// themselves.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { routeBatch } from '../../src/events/event-router.ts';
import { findEvent } from '../../src/events/event-store.ts';
import type { OwnEvent, OwnEventType } from '../../src/events/own-events.ts';
import { type EventScene, LIVE, openEventScene } from './event-scene.ts';

describe('own events', () => {
  let scene: EventScene;
  before(async () => {
    scene = await openEventScene();
  });
  after(() => scene?.database.close());
  afterEach(() => scene.clear());

  const own = (type: OwnEventType, itemId: string, causeEventId: string | null = null): OwnEvent => ({
    ...{ type, itemId, causeEventId },
    data: { message: 'NUL \0 in it' },
  });
  const say = (...events: OwnEvent[]) =>
    scene.database.transaction((sql) => scene.publishOwn(sql, LIVE, events));

  /** Says it, has it matched, and gives the event that its one run came from. */
  async function heard(event: OwnEvent): Promise<string> {
    const before = new Set((await scene.runs()).map((run) => run.id));
    assert.equal(await say(event), 1);
    await routeBatch(scene.openNode().router);
    const [run] = (await scene.runs()).filter(({ id }) => !before.has(id));
    return run?.event_id ?? assert.fail('nobody heard it');
  }

  test('a function hears that another has failed', async () => {
    await scene.addTrigger(await scene.addFunction('alarm'), ['function.failed']);
    const id = await heard(own('function.failed', 'broken'));
    const event = await findEvent(scene.database, LIVE, id);
    assert.deepEqual(
      [event?.type, event?.itemType, event?.itemId, event?.depth, event?.data],
      ['function.failed', 'function', 'broken', 0, { message: 'NUL \ufffd in it' }],
    );
  });

  test('what is said in a transaction that is rolled back was never said', async () => {
    const undone = scene.database.transaction(async (sql) => {
      await scene.publishOwn(sql, LIVE, [own('function.failed', 'f')]);
      throw new Error('undone');
    });
    await assert.rejects(undone, /undone/);
    assert.equal(await scene.count('events'), 0);
  });

  test('a function that fails at its own alarm is not told again, but its owner hears that it was disabled', async () => {
    await scene.addTrigger(await scene.addFunction('alarm'), ['function.failed', 'function.dead_lettered']);
    const first = await heard(own('function.failed', 'alarm'));
    assert.equal(await say(own('function.failed', 'alarm', first)), 0);
    assert.equal(await say(own('function.dead_lettered', 'alarm', first)), 0);
    assert.equal(await say(own('function.disabled', 'alarm', first)), 1);
  });

  test('two alarms that set each other off come to rest', async () => {
    await scene.addTrigger(await scene.addFunction('alarm'), ['function.failed']);
    let cause = await heard(own('function.failed', 'a'));
    for (let depth = 1; depth <= 16; depth += 1) {
      cause = await heard(own('function.failed', depth % 2 === 0 ? 'a' : 'b', cause));
      assert.equal((await findEvent(scene.database, LIVE, cause))?.depth, depth);
    }
    assert.equal(await say(own('function.failed', 'c', cause)), 0);
  });
});
