// A database with functions whose runs are claimed, for tests of the queue: real SQL, no sandbox.
import { randomBytes } from 'node:crypto';
import type { Mode, World } from '../../src/accounts/account.ts';
import { insertAccount } from '../../src/accounts/account-store.ts';
import { systemClock } from '../../src/clock/clock.ts';
import { seal, unseal } from '../../src/environment/seal.ts';
import { newFunctionId, newRunId } from '../../src/ids/ids.ts';
import type { Database, Sql } from '../../src/postgres/database.ts';
import { type Claim, type ClaimRoom, claimRuns } from '../../src/queue/claim-store.ts';
import type { ClaimedRun } from '../../src/queue/claimed-run.ts';
import { createDurableQueue } from '../../src/queue/durable-queue.ts';
import type { NewRun } from '../../src/queue/new-run.ts';
import { insertNode } from '../../src/queue/node-store.ts';
import { QueueDepth } from '../../src/queue/queue-depth.ts';
import type { SettledAttempt } from '../../src/queue/settle-store.ts';
import { settleAttempts } from '../../src/queue/settle-store.ts';
import type { StoredRun } from '../../src/runs/run.ts';
import { findRun } from '../../src/runs/run-store.ts';
import type { Seals } from '../../src/runs/sealed-contents.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';

const KEY = randomBytes(32);

export const KEYS: Seals = {
  seal: async (plain, context) => seal(KEY, plain, context),
  unseal: async (sealed, context) => unseal(KEY, sealed, context),
};

export type Scene = {
  database: TestDatabase;
  makeAccount(): Promise<World>;
  makeFunction(
    world: World,
    settings?: { maxConcurrentRuns?: number; disableAfterFaults?: number },
  ): Promise<string>;
  makeNode(id: string, leaseMs?: number): Promise<void>;
  enqueue(world: World, functionId: string, part?: Partial<NewRun>): Promise<string>;
  /** Many at once, without their input: made by the database itself. */
  enqueueMany(world: World, functionId: string, count: number): Promise<void>;
  claim(node: string, room?: Partial<ClaimRoom>): Promise<Claim>;
  settle(run: ClaimedRun, part?: Partial<SettledAttempt>): Promise<StoredRun | null>;
  look(world: World, runId: string): Promise<StoredRun>;
};

export async function openScene(): Promise<Scene> {
  const database = await openTestDatabase();
  const queue = createDurableQueue({
    ...{ keys: KEYS, depth: new QueueDepth(1_000_000, systemClock), inputLimitBytes: 1000, wake: () => {} },
  });
  return {
    database,
    makeAccount: () => makeAccount(database, 'live'),
    makeFunction: (world, settings = {}) => makeFunction(database, world, settings),
    makeNode: (id, leaseMs = 3_600_000) =>
      insertNode(database, { id, place: id, roles: ['worker'] }, leaseMs),
    enqueue: async (world, functionId, part = {}) => {
      const run = newRun(world, functionId, part);
      await database.transaction((sql) => queue.enqueue(sql, [run]));
      return run.id;
    },
    enqueueMany: async (world, functionId, count) => {
      await database.query(
        `insert into runs (id, account_id, mode, function_id, version, trigger, cause, status, node, attempts, memory_mb,
           created_at, due_at)
         select gen_random_uuid(), $1, $2, $3, 1, 'api_direct', '{}', 'queued', '', 0, 256, now(),
           now() - make_interval(hours => 1) + n * interval '1 microsecond'
         from generate_series(1, $4::integer) n`,
        [world.accountId, world.mode, functionId, count],
      );
    },
    ...claimingBy(database),
    settle: async (run, part = {}) => (await settleAttempts(database, [settledOf(run, part)]))[0] ?? null,
    look: async (world, runId) => {
      const run = await findRun(database, world, runId);
      if (run === null) throw new Error(`there is no run ${runId}`);
      return run;
    },
  };
}

function claimingBy(database: Pick<Database, 'query' | 'transaction'>): Pick<Scene, 'claim'> {
  return {
    claim: (node, room = {}) =>
      claimRuns(database as Database, {
        ...{ node, runs: 10, ofFunction: 10, ofAccount: 10, functions: {}, accounts: {}, after: '' },
        ...room,
      }),
  };
}

/** Claims as part of a transaction. */
export function claimingIn(sql: Sql): Pick<Scene, 'claim'> {
  return claimingBy({ query: sql.query, transaction: (work) => work(sql) });
}

let accounts = 0;

async function makeAccount(database: TestDatabase, mode: Mode): Promise<World> {
  accounts += 1;
  const id = `AA${String(accounts).padStart(4, '0')}`;
  await insertAccount(database, { id, alias: id, sealedKey: Buffer.alloc(1) });
  return { accountId: id, mode };
}

async function makeFunction(
  database: TestDatabase,
  world: World,
  {
    maxConcurrentRuns = null,
    disableAfterFaults = 0,
  }: { maxConcurrentRuns?: number | null; disableAfterFaults?: number },
): Promise<string> {
  const id = newFunctionId();
  await database.query(
    `insert into functions (id, account_id, mode, dialect, name, timeout_ms, memory_mb, reuse, concurrency, active_version,
       max_concurrent_runs, disable_after_faults)
     values ($1, $2, $3, 'plain', 'f', 1000, 256, 'warm', 1, 1, $4, $5)`,
    [id, world.accountId, world.mode, maxConcurrentRuns, disableAfterFaults],
  );
  return id;
}

export function newRun(world: World, functionId: string, part: Partial<NewRun> = {}): NewRun {
  return {
    ...{ id: newRunId(Date.now()), ...world, functionId, cause: {}, due: { afterMs: 0 } },
    input: { trigger: 'api_direct', source: { id: null, name: null }, data: 1 },
    ...{ triggerId: null, eventId: null, version: null, replayOf: null },
    ...part,
  };
}

export function settledOf(run: ClaimedRun, part: Partial<SettledAttempt> = {}): SettledAttempt {
  return {
    ...{ id: run.id, accountId: run.accountId, claims: run.claims, sealedResult: null },
    attempt: {
      ...{ status: 'succeeded', error: null, version: 1, blame: 'nobody', engine: 'none' },
      ...{ startedAgoMs: 10, endedAgoMs: 0, durationMs: 10, initMs: null, memoryPeakBytes: null },
    },
    next: { final: 'succeeded' },
    ...part,
  };
}
