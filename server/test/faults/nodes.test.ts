// Nothing that was accepted is lost when one of two nodes on one database dies, is cut off or comes back too
// late.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { type Millrace, noJails, startMillrace } from '../promises/start-millrace.ts';
import { DatabaseProxy } from './database-proxy.ts';
import { FaultScene } from './fault-scene.ts';
import { sleep } from './load.ts';
import { gone, kill } from './processes.ts';

const LEASE_MS = 2_000;

describe('two nodes on one database', { skip: noJails(), timeout: 900_000 }, () => {
  let database: TestDatabase;
  let near: DatabaseProxy;
  let far: DatabaseProxy;
  let scene: FaultScene;
  let other: Millrace;
  const otherDir = mkdtempSync(path.join(tmpdir(), 'millrace-fault-'));
  const shared = {
    MILLRACE_MASTER_KEY: randomBytes(32).toString('base64'),
    MILLRACE_NODE_LEASE_MS: String(LEASE_MS),
    MILLRACE_MOST_LOSSES: '100',
  };

  const startOther = async (): Promise<void> => {
    other = await startMillrace({ dataDir: otherDir, env: { ...shared, MILLRACE_DATABASE_URL: far.url } });
  };

  before(async () => {
    database = await openTestDatabase();
    [near, far] = [await DatabaseProxy.open(database.url), await DatabaseProxy.open(database.url)];
    scene = await FaultScene.open({ env: { ...shared, MILLRACE_DATABASE_URL: near.url } });
    await startOther();
    scene.doors = () => [scene.millrace.url, other.url];
  });
  after(async () => {
    await other?.stop();
    await scene?.close();
    await Promise.all([near?.close(), far?.close()]);
    await database?.close();
    rmSync(otherDir, { recursive: true, force: true });
  });

  test('share the runs', (t) => scene.under(t, async (load) => load.further(100)));

  test('of which one is killed with runs in hand', (t) =>
    scene.under(t, async () => {
      await gone(await kill(other, 'server'));
    }));

  test('of which one is killed wholly, and stays away', async (t) => {
    await scene.under(t, async (load) => {
      const rest = [await kill(other, 'server', 'SIGSTOP'), await kill(other, 'launcher')];
      process.kill(rest[0] as number, 'SIGKILL');
      await Promise.all(rest.map(gone));
      await load.further(100);
    });
    await startOther();
  });

  test('of which one is stopped for five leases and comes back: it ends nothing that is another’s', async (t) => {
    const slow = await scene.customer.uploadCode(
      `exports.handler = async (event, context) => { await new Promise((r) => setTimeout(r, 4000));
         console.log('did ' + JSON.parse(event.body).key); return null; };`,
      { environment: 'nodejs24.x' },
    );
    await scene.under(t, async () => {
      const runs = await Promise.all(
        Array.from({ length: 12 }, (_, key) =>
          scene.post<{ id: string }>(
            `/millrace/v1/functions/${slow.id}/runs`,
            { key },
            { prefer: 'respond-async' },
          ),
        ),
      );
      await inHand(database, 2);
      const pid = await kill(other, 'server', 'SIGSTOP');
      await sleep(5 * LEASE_MS);
      process.kill(pid, 'SIGCONT');
      await ended(
        database,
        runs.map(({ id }) => id),
      );
      const rows = await scene.runRows(slow);
      assert.deepEqual([...new Set(rows.map(({ status }) => status))], ['succeeded']);
      const lost = rows.filter(({ history }) =>
        history.some(({ error }) => error?.type === 'Platform.NodeLost'),
      );
      assert.ok(lost.length > 0, 'the stopped node had runs in hand');
      t.diagnostic(`${lost.length} of ${rows.length} slow runs were taken from the stopped node`);
    });
  });

  for (const wire of ['refuse', 'silence'] as const) {
    const how = wire === 'refuse' ? 'by a refusal' : 'in silence';
    test(`of which one is cut off from the database ${how} for five leases`, (t) =>
      scene.under(t, async () => {
        far.set(wire);
        await sleep(5 * LEASE_MS);
        far.set('pass');
      }));
  }

  test('of which one loses its word to the other', (t) =>
    scene.under(t, async (load) => {
      for (let round = 0; round < 10; round += 1) {
        await database.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where query ~* '^(listen .*|select)$'",
        );
        await load.further(20);
      }
    }));

  test('tick each minute once, though one is killed at the turn of the minute', {
    timeout: 600_000,
  }, async (t) => {
    const ids: string[] = [];
    for (let number = 0; number < 40; number += 1) {
      ids.push(
        (await scene.addTrigger('schedule', { cron: '* * * * *', catch_up: { policy: 'all', limit: 10 } }))
          .id,
      );
    }
    for (let minute = 0; minute < 2; minute += 1) {
      await sleep(60_000 - (Date.now() % 60_000) + 15);
      await gone(await kill(minute === 0 ? other : scene.millrace, 'server'));
    }
    await sleep(20_000);
    const rows = await database.query<{ trigger_id: string; at: string; count: number }>(
      `select trigger_id, cause ->> 'scheduled_at' as at, count(*) from all_runs where trigger = 'schedule' group by 1, 2`,
    );
    const ticks = [...new Set(rows.map(({ at }) => at))].sort();
    t.diagnostic(`${rows.length} ticks of ${ids.length} schedules at ${ticks.join(', ')}`);
    assert.deepEqual(
      rows.filter(({ count }) => count !== 1),
      [],
    );
    assert.equal(rows.length, ids.length * ticks.length);
    assert.ok(ticks.length >= 2);
    for (const id of ids) await scene.customer.request(`/millrace/v1/triggers/${id}`, { method: 'DELETE' });
  });
});

/** Resolves when two nodes have so many runs in hand each. */
async function inHand(database: TestDatabase, count: number): Promise<void> {
  for (const giveUpAt = Date.now() + 30_000; ; await sleep(20)) {
    const rows = await database.query<{ count: number }>(
      `select count(*) from runs where status = 'running' group by node`,
    );
    if (rows.filter((row) => row.count >= count).length >= 2) return;
    assert.ok(Date.now() < giveUpAt, JSON.stringify(rows));
  }
}

async function ended(database: TestDatabase, ids: readonly string[]): Promise<void> {
  for (const giveUpAt = Date.now() + 90_000; ; await sleep(100)) {
    const [row] = await database.query<{ left: number }>(
      `select count(*) as left from all_runs where id = any($1::uuid[]) and status in ('queued', 'running')`,
      [ids],
    );
    if (row?.left === 0) return;
    assert.ok(Date.now() < giveUpAt, `${row?.left} runs have not ended`);
  }
}
