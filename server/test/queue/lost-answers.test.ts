// A claim that PostgreSQL has committed and whose answer is lost on its way: what was claimed is found again
// by its own node at once, and not when some lease is over. Real engines on a real PostgreSQL, behind a wire
// that is cut before the answer comes.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { pino } from 'pino';
import type { World } from '../../src/accounts/account.ts';
import { BuildWorker } from '../../src/builds/build-worker.ts';
import { finishSet } from '../../src/builds/package-set-store.ts';
import { FOLDERS, finishFolder, markFolder } from '../../src/dialects/hubspot/catalog/folder-store.ts';
import { startFolderWorker } from '../../src/dialects/hubspot/folders/folder-worker.ts';
import { UploadsInHand } from '../../src/dialects/hubspot/folders/uploads-in-hand.ts';
import { newRunId } from '../../src/ids/ids.ts';
import { type Database, openDatabase } from '../../src/postgres/database.ts';
import { startClaimEngine } from '../../src/queue/claim-engine.ts';
import type { ClaimedRun, ClaimKey } from '../../src/queue/claimed-run.ts';
import { type Settlement, Settler } from '../../src/queue/settler.ts';
import { EXECUTIONS, endExecution, insertExecutions } from '../../src/sources/queries/execution-store.ts';
import { startDeliveryEngine } from '../../src/subscriptions/delivery-engine.ts';
import { insertDeliveries } from '../../src/subscriptions/delivery-store.ts';
import { handBack } from '../../src/worker/execute-claim.ts';
import { Worker } from '../../src/worker/worker.ts';
import { DatabaseProxy } from '../faults/database-proxy.ts';
import { KEYS, openScene, type Scene, settledOf } from './queue-scene.ts';

const log = pino({ level: 'silent' });
const NODE = 'this';
const CUTS = 3;
const NOTHING = { results: null, isTruncated: false, rangeFrom: null, rangeTo: null, runId: null };
/**
 * The shortest of the leases and holds that would end by themselves is 15 s; a machine under load is slow.
 */
const PATIENCE_MS = 12_000;

describe('what was claimed although the answer was lost', () => {
  let scene: Scene;
  let proxy: DatabaseProxy;
  /** Over the wire that is cut. */
  let database: Database;
  let world: World;
  before(async () => {
    scene = await openScene();
    proxy = await DatabaseProxy.open(scene.database.url);
    database = openDatabase(proxy.url, () => {}, 4);
    world = await scene.makeAccount();
    await scene.makeNode(NODE, 3_600_000);
  });
  after(async () => {
    await database?.close();
    await proxy?.close();
    await scene?.database.close();
  });
  beforeEach(() => scene.database.query('truncate runs, deliveries, query_executions cascade'));

  /** Until it holds: the rows show it, on a way that isn't cut. */
  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (const giveUpAt = Date.now() + PATIENCE_MS; !(await holds()); ) {
      assert.ok(Date.now() < giveUpAt, `${what}: ${proxy.cuts} answers were lost`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async function rows<Row extends object>(text: string): Promise<Row[]> {
    return await scene.database.query<Row & Record<string, unknown>>(text);
  }

  type Executed = { id: string; claims: number; losses: number };

  function openWorker(executed: Executed[]): Worker {
    const settler = new Settler({
      ...{ database, keys: KEYS, log, clock: Date.now, keptResultBytes: 1_000 },
      ...{ endings: { followers: {}, onEveryEnd: [], watch: async () => {} }, onFaulty: async () => {} },
    });
    const gate = {
      enter: (accountId: string) => ({ accountId, hasSlot: false }),
      leave: () => {},
      ...{ going: new Map<string, number>(), worth: () => new Map<string, number>() },
    };
    return new Worker({
      ...{ database, gate, active: { cancel: () => false }, settler, log },
      ...{ node: { id: NODE, onLost: () => {} }, wakeCall: { onCall: () => {} } },
      limits: { workerRuns: 10, instancesPerFunction: 10, runsPerAccount: 10 },
      execute: async (run: ClaimedRun): Promise<Settlement> => {
        const [row] = await rows<{ losses: number }>(`select losses from runs where id = '${run.id}'`);
        executed.push({ id: run.id, claims: run.claims, losses: row?.losses ?? -1 });
        return { settled: settledOf(run), atMs: Date.now(), recorded: null, result: null, faults: null };
      },
      handBack: (run: ClaimKey, afterMs: number) => handBack({ clock: Date.now }, run, afterMs),
    });
  }

  test('a run is put back and runs once, without having cost an attempt', async () => {
    const fn = await scene.makeFunction(world);
    const ids: string[] = [];
    for (let number = 0; number < 5; number += 1) ids.push(await scene.enqueue(world, fn));
    proxy.cutAt({ text: 'claim free', at: 'answer', times: CUTS });
    const executed: Executed[] = [];
    const worker = openWorker(executed);
    worker.wake();
    const going = async (): Promise<number> =>
      (await rows(`select from all_runs where status <> 'succeeded'`)).length;
    await until('all runs succeed', async () => (await going()) === 0);
    await worker.stop(0);
    assert.equal(proxy.cuts, CUTS);
    assert.deepEqual(executed.map(({ id }) => id).sort(), ids.sort());
    const kept = await rows(`select distinct attempts, jsonb_array_length(history) as earlier from all_runs`);
    assert.deepEqual(kept, [{ attempts: 1, earlier: 0 }]);
    assert.ok(
      executed.some(({ claims }) => claims > 1),
      'no claim was lost',
    );
    assert.deepEqual([...new Set(executed.map(({ losses }) => losses))], [0]);
  });

  test('a delivery is attempted', async () => {
    await scene.database.query(
      `insert into events (account_id, mode, id, type, notations, item_type, item_id, happened_at, data, matched_at)
       values ($1, $2, 'e1', 'order:created', '{order:created}', 'order', 'o1', now(), '{}', now())`,
      [world.accountId, world.mode],
    );
    await scene.database.query(
      `insert into event_subscriptions (id, account_id, mode, event_type, method, format, destination, active, time_zone,
         sealed_secrets)
       values ('s1', $1, $2, 'order:created', 'http', 'json', 'https://host.example/', true, 'UTC', '')`,
      [world.accountId, world.mode],
    );
    await insertDeliveries(scene.database, [{ ...world, eventId: 'e1', subscriptionId: 's1' }]);
    proxy.cutAt({ text: 'update deliveries u set node', at: 'answer', times: 1 });
    let attempts = 0;
    const engine = startDeliveryEngine({
      ...{ sql: database, node: () => NODE, chance: () => 0, log, mostAtOnce: 10 },
      attempt: async () => {
        attempts += 1;
        return { ended: { end: 'delivered', remark: null }, debug: null };
      },
    });
    const isDelivered = `select from deliveries where status = 'delivered' and claims = 2`;
    await until('it is delivered', async () => (await rows(isDelivered)).length === 1);
    await engine.stop();
    assert.deepEqual([attempts, proxy.cuts], [1, 1]);
  });

  test('a set of packages is built', async () => {
    await scene.database.query(
      `insert into package_sets (id, request_hash, dependencies, engine_major, platform)
       values ('01900000-0000-7000-8000-000000000001', 'hash', '{}', 24, 'here')`,
    );
    proxy.cutAt({ text: 'update package_sets set node', at: 'answer', times: 1 });
    const claims: number[] = [];
    const worker = new BuildWorker({
      ...{ database, node: () => NODE, platform: 'here', atOnce: 1, log, settle: async () => {} },
      build: async (set) => {
        claims.push(set.claim);
        const error = { step: 'resolve', message: 'there is no such package' } as const;
        await finishSet(database, set, { status: 'failed', error, lock: null });
      },
    });
    const isOver = `select from package_sets where status = 'failed'`;
    await until('it is over', async () => (await rows(isOver)).length === 1);
    await worker.stop();
    assert.deepEqual([claims, proxy.cuts], [[2], 1]);
  });

  for (const [which, told, times] of [
    ['claim', 'set claims', 2],
    ['confirmation', 'w set lease_until', 1],
  ] as const) {
    test(`the execution of a query comes to its end: of its ${which}`, async () => {
      const id = newRunId(Date.now());
      await insertExecutions(scene.database, [{ ...world, id, queryId: 'q1', cause: 'request', at: null }]);
      proxy.cutAt({ text: `update query_executions ${told}`, at: 'answer', times: 1 });
      const claims: number[] = [];
      const engine = startClaimEngine({
        ...{ sql: database, table: EXECUTIONS, subject: 'executions', log, most: 4, retentionDays: 1 },
        work: async (execution) => {
          claims.push(execution.claims);
          await endExecution(database, execution, { ...NOTHING, status: 'failed', error: 'no' });
        },
      });
      const isOver = `select from query_executions where status = 'failed'`;
      await until('it is over', async () => (await rows(isOver)).length === 1);
      await engine.stop();
      assert.deepEqual([claims, proxy.cuts], [[times], 1]);
    });
  }

  for (const [which, told] of [
    ['claim', 'set claims'],
    ['confirmation', 'w set lease_until'],
  ] as const) {
    test(`a folder is deployed: of its ${which}`, async () => {
      await markFolder(scene.database, world, 'a.functions', 'secret');
      proxy.cutAt({ text: `update function_folders ${told}`, at: 'answer', times: 1 });
      let deployed = 0;
      const worker = startFolderWorker({
        ...{ sql: database, builds: [], uploads: new UploadsInHand(), log },
        deploy: async () => {
          deployed += 1;
          return { kind: 'done', problem: null, needsDeploy: false };
        },
      });
      const isLive = 'select from function_folders where deployed_changes = changes';
      await until('it is live', async () => (await rows(isLive)).length === 1);
      await worker.stop();
      assert.deepEqual([deployed, proxy.cuts], [1, 1]);
    });
  }

  test('but what is claimed and confirmed stays held for as long as before', async () => {
    await markFolder(scene.database, world, 'b.functions', 'secret');
    const id = newRunId(Date.now());
    await insertExecutions(scene.database, [{ ...world, id, queryId: 'q1', cause: 'request', at: null }]);
    const room = { limit: 1, except: [], inHand: {}, leaseMs: 15_000 };
    assert.deepEqual(
      (await FOLDERS.claim(scene.database, room)).map(({ path }) => path),
      ['b.functions'],
    );
    assert.equal((await EXECUTIONS.claim(scene.database, room)).length, 1);
    const held = await rows<{ left_s: number }>(
      `select extract(epoch from lease_until - now())::float8 as left_s from function_folders where path = 'b.functions'
       union all select extract(epoch from lease_until - now())::float8 from query_executions`,
    );
    assert.ok(
      held.every(({ left_s }) => left_s > 10),
      JSON.stringify(held),
    );
    assert.deepEqual(await FOLDERS.claim(scene.database, room), []);
    assert.deepEqual(await EXECUTIONS.claim(scene.database, room), []);
  });

  test('and what is written of a folder by a claim that another node has by now counts no more', async () => {
    const { database: sql } = scene;
    await markFolder(sql, world, 'c.functions', 'secret');
    const room = { limit: 1, except: [], inHand: {}, leaseMs: 15_000 };
    const [former] = await FOLDERS.claim(sql, room);
    assert.ok(former);
    await sql.query(`update function_folders set lease_until = now() where id = $1`, [former.id]);
    const [own] = await FOLDERS.claim(sql, room);
    assert.equal(own?.id, former.id);
    await finishFolder(sql, former, { problem: 'of the former', needsDeploy: false });
    const found = `select from function_folders where path = 'c.functions' and problem is null and lease_until > now()`;
    assert.equal((await rows(found)).length, 1);
  });
});
