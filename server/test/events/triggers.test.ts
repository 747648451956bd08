// Triggers on a real PostgreSQL: what a node keeps of them in memory is never behind what was committed.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { PublishedEvent } from '../../src/events/account-event.ts';
import { insertEvents } from '../../src/events/event-store.ts';
import { holdWorlds } from '../../src/triggers/interest-directory.ts';
import { type EventScene, LIVE, OTHER, openEventScene } from './event-scene.ts';

/** As the router hands it on. */
const EVENT: PublishedEvent = {
  ...{ ...LIVE, id: 'e', type: 'sale.created', notations: ['sale.created'], itemType: 'sale', itemId: 'S' },
  ...{ campaign: null, shop: null, date: '2026-11-22T12:00:00.000Z', data: {}, related: {}, depth: 0 },
};
const SALE = { notations: ['sale.created.success'], item_id: 'S1' };

describe('event triggers', () => {
  let scene: EventScene;
  before(async () => {
    scene = await openEventScene();
  });
  after(() => scene?.database.close());
  afterEach(() => scene.clear());

  const started = async (node: ReturnType<EventScene['openNode']>, event: object = SALE): Promise<number> =>
    (await node.publish(event))[0]?.runs.length ?? -1;

  test('a node that has the world in memory sees every change made by another, with the next event', async () => {
    const node = scene.openNode();
    const fn = await scene.addFunction('f');
    assert.equal(await started(node), 0);
    const trigger = await scene.addTrigger(fn, ['sale.created']);
    assert.equal(await started(node), 1);
    const editing = scene.editing();
    await editing.change(LIVE, trigger.id, () => ({ enabled: false }));
    assert.equal(await started(node), 0);
    await editing.change(LIVE, trigger.id, () => ({ enabled: true }));
    assert.equal(await started(node), 1);
    const settings = { notations: ['order:created'], campaigns: [], shops: [] };
    await editing.change(LIVE, trigger.id, () => ({ settings }));
    assert.equal(await started(node), 0);
    assert.equal(await started(node, { type: 'order:created', item_id: 'O' }), 1);
    await editing.remove(LIVE, trigger.id);
    assert.equal(await started(node, { type: 'order:created', item_id: 'O' }), 0);
  });

  test('a disabled function’s triggers don’t match, nor a deleted one’s', async () => {
    const node = scene.openNode();
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    assert.equal(await started(node), 1);
    await scene.database.query("update functions set enabled = false where id = 'f'");
    assert.equal(await started(node), 0);
    await scene.database.query("update functions set enabled = true where id = 'f'");
    assert.equal(await started(node), 1);
    await scene.database.query("delete from functions where id = 'f'");
    assert.equal(await started(node), 0);
  });

  test('a change that is rolled back is never believed, not even when another follows it', async () => {
    const node = scene.openNode();
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    const rollback = scene.database.transaction(async (sql) => {
      await sql.query("update functions set enabled = false where id = 'f'");
      assert.equal(
        (await node.router.dispatch(sql, [EVENT], await holdWorlds(sql, [EVENT]))).size,
        0,
        'in there it counts',
      );
      throw new Error('undone');
    });
    await assert.rejects(rollback, /undone/);
    await scene.addTrigger(await scene.addFunction('g'), ['order:created']);
    assert.equal(await started(node), 1);
  });

  test('campaigns and shops filter', async () => {
    const node = scene.openNode();
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created'], {
      campaigns: ['spring'],
      shops: ['s1', 's2'],
    });
    assert.equal(await started(node), 0);
    assert.equal(await started(node, { ...SALE, campaign: 'spring' }), 0);
    assert.equal(await started(node, { ...SALE, campaign: 'spring', shop: 's2' }), 1);
    assert.equal(await started(node, { ...SALE, campaign: 'autumn', shop: 's2' }), 0);
  });

  test('a paused trigger’s runs are held, those that wait and those that come, until it is resumed', async () => {
    const node = scene.openNode();
    const { id } = await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    await started(node);
    assert.ok((await scene.editing().pause(LIVE, id)).pausedAt instanceof Date);
    await started(node);
    assert.deepEqual(
      (await scene.runs()).map((run) => run.is_held),
      [true, true],
    );
    assert.equal((await scene.editing().resume(LIVE, id)).pausedAt, null);
    assert.deepEqual(
      (await scene.runs()).map((run) => run.is_held),
      [false, false],
    );
  });

  test('a run that is being accepted while its trigger is paused is held, too', async () => {
    const node = scene.openNode();
    const { id } = await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    let hasPaused = false;
    let pausing: Promise<unknown> = Promise.resolve();
    await scene.database.transaction(async (sql) => {
      await insertEvents(sql, [EVENT], 'matched');
      await node.router.dispatch(sql, [EVENT], await holdWorlds(sql, [EVENT]));
      pausing = scene
        .editing()
        .pause(LIVE, id)
        .then(() => {
          hasPaused = true;
        });
      while (!hasPaused && !(await isSomebodyWaiting())) await new Promise(setImmediate);
    });
    await pausing;
    assert.deepEqual(
      (await scene.runs()).map((run) => run.is_held),
      [true],
    );
  });

  const isSomebodyWaiting = async (): Promise<boolean> =>
    (await scene.database.query('select from pg_locks where not granted')).length > 0;

  test('a resumed trigger doesn’t release what its paused function holds', async () => {
    const node = scene.openNode();
    const { id } = await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    await scene.database.query("update functions set paused_at = now() where id = 'f'");
    await scene.editing().pause(LIVE, id);
    await started(node);
    await scene.editing().resume(LIVE, id);
    assert.deepEqual(
      (await scene.runs()).map((run) => run.is_held),
      [true],
    );
  });

  test('deleting a paused trigger cancels what it holds; deleting another leaves its runs', async () => {
    const node = scene.openNode();
    const paused = await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    const going = await scene.addTrigger(await scene.addFunction('g'), ['sale.created']);
    await scene.editing().pause(LIVE, paused.id);
    await started(node);
    await scene.editing().remove(LIVE, paused.id);
    await scene.editing().remove(LIVE, going.id);
    const runs = Object.fromEntries((await scene.runs()).map((run) => [run.function_id, run.status]));
    assert.deepEqual(runs, { f: 'cancelled', g: 'queued' });
  });

  test('a trigger of another account can neither be seen nor be made for its function', async () => {
    const { id } = await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    await assert.rejects(scene.editing().pause(OTHER, id), { code: 'not_found' });
    await assert.rejects(scene.editing().remove(OTHER, id), { code: 'not_found' });
    await assert.rejects(scene.addTrigger('f', ['sale.created'], {}, OTHER), {
      code: 'not_found',
      field: 'function_id',
    });
  });
});
