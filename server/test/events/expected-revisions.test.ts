// Events that are kept by what a node has seen of their worlds: that it was wrong costs time, and nothing
// else.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumeEvents } from '../../src/events/event-consumer.ts';
import { type EventScene, LIVE, OTHER, openEventScene } from './event-scene.ts';

const sale = (id: string) => ({ id, type: 'sale.created.success', item_id: 'S1' });

describe('events kept as foreseen', () => {
  let scene: EventScene;
  before(async () => {
    scene = await openEventScene();
  });
  after(() => scene.database.close());
  afterEach(() => scene.clear());

  test('a trigger that another node has made since is heard, and one that it has deleted is not', async () => {
    const node = scene.openNode();
    assert.deepEqual((await node.publish(sale('e1')))[0]?.runs, []);
    const { id } = await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    assert.equal((await node.publish(sale('e2')))[0]?.runs.length, 1);
    assert.equal((await node.publish(sale('e3')))[0]?.runs.length, 1);
    await scene.database.query('delete from triggers where id = $1', [id]);
    assert.deepEqual((await node.publish(sale('e4')))[0]?.runs, []);
    assert.equal((await scene.runs()).length, 2);
  });

  test('an event that comes again among new ones starts nothing, and the new ones start theirs once', async () => {
    const node = scene.openNode();
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    const [first] = await node.publish(sale('e1'));
    const again = await node.publish([sale('e2'), sale('e1'), sale('e3')]);
    assert.deepEqual(
      again.map(({ id, isDuplicate, runs }) => [id, isDuplicate, runs.length]),
      [
        ['e2', false, 1],
        ['e1', true, 1],
        ['e3', false, 1],
      ],
    );
    assert.deepEqual(again[1]?.runs, first?.runs);
    assert.equal((await scene.runs()).length, 3);
  });

  test('worlds share a transaction, whatever order they come in', async () => {
    const node = scene.openNode();
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    await node.publish(sale('a1'));
    await node.publish(sale('b1'), OTHER);
    const started = await Promise.all([
      node.publish(sale('b2'), OTHER),
      node.publish(sale('a2'), LIVE),
      node.publish(sale('b3'), OTHER),
    ]);
    assert.deepEqual(
      started.map(([one]) => one?.runs.length),
      [0, 1, 0],
    );
  });

  test('what is foreseen refuses nothing: a trigger that is gone counts no more', async () => {
    const node = scene.openNode({ mostRuns: 1 });
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    const { id } = await scene.addTrigger(await scene.addFunction('g'), ['sale.created']);
    await assert.rejects(node.publish(sale('e1')), { code: 'too_many_runs' });
    await scene.database.query('delete from triggers where id = $1', [id]);
    assert.equal((await node.publish(sale('e2')))[0]?.runs.length, 1);
  });

  test('an event that comes again is answered although there is no room for its runs once more', async () => {
    const node = scene.openNode({ queuedRuns: 1 });
    await scene.addTrigger(await scene.addFunction('f'), ['sale.created']);
    const [first] = await node.publish(sale('e1'));
    assert.deepEqual(await node.publish(sale('e1')), [{ ...first, isDuplicate: true }]);
  });

  test('that was not as foreseen is counted once: its runs have the room that there is', async () => {
    const node = scene.openNode({ queuedRuns: 10 });
    for (const id of ['f1', 'f2', 'f3', 'f4', 'f5', 'f6']) {
      await scene.addTrigger(await scene.addFunction(id), ['sale.created']);
    }
    await node.publish({ ...sale('first'), type: 'order:created' });
    await scene.addTrigger(await scene.addFunction('g'), ['sale.created']);
    assert.equal((await node.publish(sale('e1')))[0]?.runs.length, 7);
    await assert.rejects(node.publish(sale('e2')), { code: 'too_many_runs', message: /has 7 runs waiting/ });
  });

  test('of an event that can not be kept nothing is kept, however late it comes', async () => {
    await scene.database.query(`
      create function refuse_bad() returns trigger language plpgsql as $$
      begin
        if new.id = 'bad' then raise exception 'bad'; end if;
        return new;
      end $$;
      create trigger refuse_bad before insert on events for each row execute function refuse_bad()`);
    const late: ConsumeEvents = async (sql, events) => {
      await delay(50);
      await sql.query('select set_config($1, $2, true)', ['test.late', events.map(({ id }) => id).join()]);
      lateIds.push(...events.map(({ id }) => id));
    };
    const lateIds: string[] = [];
    const node = scene.openNode({ consumers: [late] });
    await node.publish(sale('e1'));
    const ends = await Promise.allSettled([node.publish(sale('bad')), node.publish(sale('good'))]);
    await scene.database.query('drop trigger refuse_bad on events');
    assert.deepEqual(
      ends.map(({ status }) => status),
      ['rejected', 'fulfilled'],
    );
    assert.deepEqual(lateIds, ['e1', 'good']);
  });
});
