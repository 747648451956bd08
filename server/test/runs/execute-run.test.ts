// The spine of synchronous runs, with real runtimes (without jails) and a real PostgreSQL behind it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pino } from 'pino';
import { insertAccount } from '../../src/accounts/account-store.ts';
import { parseConfig } from '../../src/config/config.ts';
import type { RunnableFunction } from '../../src/functions/function.ts';
import { newRunId } from '../../src/ids/ids.ts';
import { ActiveRuns } from '../../src/runs/active-runs.ts';
import { type RunExecutor, runExecutor } from '../../src/runs/execute-run.ts';
import { RunRecorder } from '../../src/runs/run-recorder.ts';
import { findRun } from '../../src/runs/run-store.ts';
import { SandboxPool } from '../../src/sandbox/sandbox-pool.ts';
import { createTargetMaker } from '../../src/sandbox/sandbox-starter.ts';
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts';
import { type BareScene, chooseEngine, openBareScene } from '../sandbox/bare-scene.ts';

const WORLD = { accountId: 'AA0000', mode: 'live' } as const;
const NO_KEYS = { seal: () => Promise.reject(new Error()), unseal: () => Promise.reject(new Error()) };

let database: TestDatabase;
let scene: BareScene;
let pool: SandboxPool;
let recorder: RunRecorder;
let execute: RunExecutor;
let fn: RunnableFunction;

before(async () => {
  database = await openTestDatabase();
  await insertAccount(database, { id: WORLD.accountId, alias: 'a', sealedKey: Buffer.alloc(1) });
  scene = openBareScene({ canFork: false });
  const facts = { workingDir: scene.dataDir, totalMemoryMb: 4096, cores: 2 };
  const { limits } = parseConfig({}, facts);
  pool = new SandboxPool(
    {
      memoryBudgetMb: 2048,
      instancesPerFunction: 2,
      admissionWaitMs: 20_000,
      idleMs: 60_000,
      startsAtOnce: 2,
      cpuPercent: 100,
    },
    Date.now,
  );
  recorder = new RunRecorder({ database, node: () => 'node', log: pino({ level: 'silent' }), keys: NO_KEYS });
  fn = scene.functionOf('index.js', 'exports.handler = async () => 1;', {
    reuse: 'warm',
    handler: 'index.handler',
  });
  execute = runExecutor({
    ...{
      pool,
      recorder,
      adapters: {},
      newRunId,
      active: new ActiveRuns(),
      clock: Date.now,
      functionArn: () => '',
    },
    kept: { inputBytes: 1000, resultBytes: 1000 },
    targetOf: createTargetMaker({
      ...{ driver: scene.driver, limits, clock: Date.now, offers: null, onLateLines: () => {} },
      chooseEngine,
      ensureEngine: async () => {},
      ensureBundle: async () => {},
      egressDenyOf: async () => [],
    }),
  });
});
after(async () => {
  await pool?.close();
  await scene?.close();
  await recorder?.flush();
  await database?.close();
});

test('a run whose result nobody can make sense of has failed, and its place is free again', async () => {
  let runId = '';
  const broken = execute(fn, {
    input: { trigger: 'api_direct', source: { id: null, name: null } },
    cause: {},
    adapter: {
      eventOf: () => 'null',
      read(_outcome, facts) {
        runId = facts.runId;
        throw new RangeError('too deep');
      },
    },
  });
  await assert.rejects(broken, /too deep/);
  while (pool.stats().idle === 0) await new Promise(setImmediate);
  await recorder.flush();
  const stored = await findRun(database, WORLD, runId);
  assert.equal(stored?.status, 'failed');
  assert.match(stored?.error?.message ?? '', /too deep/);
});
