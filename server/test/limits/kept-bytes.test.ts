// The bytes of an account, on a real PostgreSQL: added up over nodes and days, refused beyond its bound, and
// given back as days go.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setOwnBounds } from '../../src/accounts/account-bounds-store.ts';
import { startKeptBytes } from '../../src/limits/kept-bytes.ts';
import { deleteOldDays } from '../../src/limits/kept-bytes-store.ts';
import { type EventScene, LIVE, OTHER, openEventScene, SILENT } from '../events/event-scene.ts';

describe('the bytes of an account', () => {
  let scene: EventScene;
  let nodes: ReturnType<typeof startKeptBytes>[];
  before(async () => {
    scene = await openEventScene();
    const parts = { sql: scene.database, usual: 1_000, keptDays: 30, log: SILENT };
    nodes = [startKeptBytes(parts), startKeptBytes(parts)];
  });
  after(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await scene.database.close();
  });
  const refusal = { code: 'too_many_runs', facts: { limit: 1_000, bound: 'kept_bytes' } };
  const [id, other] = [LIVE.accountId, OTHER.accountId];

  test('are counted over all nodes, and refused from the bound on', async () => {
    const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]];
    one.add(id, 600);
    two.add(id, 300);
    await one.flush();
    await two.flush();
    two.require(id);
    two.add(id, 100);
    assert.throws(() => two.require(id), refusal);
    await two.flush();
    assert.throws(() => two.require(id), refusal);
    one.add(id, 1);
    await one.flush();
    assert.throws(() => one.require(id), refusal);
    one.require(other);
  });

  test('are its own where it has some, and those of old days no more', async () => {
    const [one] = nodes as [(typeof nodes)[0]];
    await setOwnBounds(scene.database, id, { kept_bytes: 5_000 });
    one.add(id, 0);
    await one.flush();
    one.require(id);
    await setOwnBounds(scene.database, id, { kept_bytes: null });
    await scene.database.query('update account_bytes set day = current_date - 30');
    assert.throws(
      () => {
        one.add(id, 4_000);
        one.require(id);
      },
      { code: 'too_many_runs' },
    );
    await one.flush();
    await scene.database.query('delete from account_bytes where day = current_date');
    await deleteOldDays(scene.database, 30);
    assert.deepEqual(await scene.database.query('select * from account_bytes'), []);
  });

  test('count events once, and keep further ones out', async () => {
    const [one] = nodes as [(typeof nodes)[0]];
    const node = scene.openNode({ kept: one });
    await setOwnBounds(scene.database, other, { kept_bytes: 3_000 });
    const event = { id: 'e1', type: 'order:created', item_id: 'o', data: { text: 'x'.repeat(900) } };
    await node.publish(event, OTHER);
    await node.publish(event, OTHER);
    await one.flush();
    one.require(other);
    await node.publish({ ...event, id: 'e2' }, OTHER);
    await one.flush();
    await assert.rejects(node.publish({ ...event, id: 'e3' }, OTHER), {
      ...refusal,
      facts: { ...refusal.facts, limit: 3_000 },
    });
    assert.equal(await scene.count('events'), 2);
  });
});
