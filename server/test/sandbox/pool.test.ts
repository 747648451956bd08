// The pool with real runtimes in it (without jails: walls are not its affair).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { type Config, parseConfig } from '../../src/config/config.ts';
import { bundleDir, engineBinary } from '../../src/config/paths.ts';
import { type RunnableFunction, USUAL_SETTINGS } from '../../src/functions/function.ts';
import { openBareDriver } from '../../src/sandbox/bare-driver.ts';
import { type Instance, StartFailure } from '../../src/sandbox/instance.ts';
import { type PoolLimits, SandboxPool } from '../../src/sandbox/sandbox-pool.ts';
import { targetMaker } from '../../src/sandbox/sandbox-starter.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-pool-'));
const enginesDir = path.join(dataDir, 'engines');
const binary = engineBinary(enginesDir, 24);
mkdirSync(path.dirname(binary), { recursive: true });
symlinkSync(process.execPath, binary);
const driver = openBareDriver({ dataDir, enginesDir, extraCaCerts: null });
const config: Config = parseConfig({}, { workingDir: dataDir, totalMemoryMb: 4096 });
const targetOf = targetMaker({
  driver,
  ensureEngine: async () => {},
  ensureBundle: async () => {},
  egressDenyOf: async () => [],
  limits: config.limits,
  clock: Date.now,
  onLateLines: () => {},
  offers: null,
});

let nowMs = 0;
const pools: SandboxPool[] = [];
after(async () => {
  for (const pool of pools) await pool.close();
  await driver.close();
  rmSync(dataDir, { recursive: true });
});

function poolWith(limits: Partial<PoolLimits>): SandboxPool {
  const all = {
    memoryBudgetMb: 4096,
    instancesPerFunction: 4,
    admissionWaitMs: 20_000,
    idleMs: 1000,
    ...limits,
  };
  const pool = new SandboxPool(all, () => nowMs);
  pools.push(pool);
  return pool;
}

let made = 0;
function functionOf(code: string, change: Partial<RunnableFunction> = {}): RunnableFunction {
  const bundleHash = createHash('sha256').update(code).digest('hex');
  mkdirSync(bundleDir(dataDir, bundleHash), { recursive: true });
  writeFileSync(path.join(bundleDir(dataDir, bundleHash), 'index.js'), code);
  made += 1;
  return {
    ...{
      id: `function${made}`,
      accountId: 'AA0000',
      mode: 'live',
      dialect: 'any',
      name: 'x',
      description: null,
    },
    ...{
      enabled: true,
      timeoutMs: 10_000,
      memoryMb: 256,
      reuse: 'warm',
      concurrency: 1,
      version: 1,
      revision: 1,
    },
    ...{ handler: 'index.handler', runtime: 'nodejs24.x', bundleHash, filename: 'x.zip', sizeBytes: 1 },
    ...{ ...USUAL_SETTINGS, convention: 'lambda', layerHash: null, dependencies: {} },
    ...{ disabledReason: null, pausedAt: null },
    ...{ createdAt: new Date(0), modifiedAt: new Date(0), variables: {} },
    ...change,
  };
}

const ECHO = 'exports.handler = async (event) => event;';

async function runOn(instance: Instance, event: unknown): Promise<unknown> {
  const invocation = { runId: 'run', functionArn: '', timeoutMs: 10_000, event: JSON.stringify(event) };
  const { outcome, settled } = await instance.run(invocation);
  await settled;
  return outcome.end === 'returned' ? JSON.parse(outcome.result.toString()) : outcome.error;
}

test('an idle instance is handed out again', async () => {
  const pool = poolWith({});
  const target = targetOf(functionOf(ECHO));
  const first = await pool.acquire(target);
  assert.deepEqual(await runOn(first, { a: 1 }), { a: 1 });
  pool.release(first);
  assert.equal(pool.tryAcquire(target), first);
  assert.equal(pool.tryAcquire(target), null);
});

test('no more instances than the limit are started, and who waits is served in turn', async () => {
  const pool = poolWith({ instancesPerFunction: 2 });
  const target = targetOf(functionOf(ECHO));
  const [first, second] = await Promise.all([pool.acquire(target), pool.acquire(target)]);
  const waiting = Promise.all([pool.acquire(target), pool.acquire(target), pool.acquire(target)]);
  const served: Instance[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    pool.release(turn % 2 === 0 ? (first as Instance) : (second as Instance));
    served.push(turn % 2 === 0 ? (first as Instance) : (second as Instance));
  }
  assert.deepEqual(await waiting, served);
  assert.equal(pool.census().instances, 2);
});

test('who waits too long is refused', async () => {
  const pool = poolWith({ instancesPerFunction: 1, admissionWaitMs: 50 });
  const target = targetOf(functionOf(ECHO));
  await pool.acquire(target);
  await assert.rejects(pool.acquire(target), { code: 'too_many_runs' });
  assert.equal(pool.census().waiting, 0);
});

test('the instance idle for longest gives way when memory is short', async () => {
  const pool = poolWith({ memoryBudgetMb: 600 });
  const targets = [ECHO, `${ECHO}//2`, `${ECHO}//3`].map((code) =>
    targetOf(functionOf(code, { memoryMb: 280 })),
  );
  const [first, second, third] = targets as [(typeof targets)[0], (typeof targets)[0], (typeof targets)[0]];
  const oldest = await pool.acquire(first);
  const busy = await pool.acquire(second);
  pool.release(oldest);
  const newest = await pool.acquire(third);
  assert.ok(!busy.isEnded && !newest.isEnded);
  assert.ok(pool.census().promisedMb <= 600);
});

test('idle instances end with age, busy ones do not', async () => {
  const pool = poolWith({ idleMs: 1000 });
  const target = targetOf(functionOf(ECHO));
  const [idle, busy] = await Promise.all([pool.acquire(target), pool.acquire(target)]);
  pool.release(idle as Instance);
  nowMs += 1001;
  pool.tick();
  await idle?.ended;
  assert.equal(busy?.isEnded, false);
  assert.deepEqual(pool.census(), { instances: 1, idle: 0, waiting: 0, promisedMb: 256 });
});

test('a newer revision takes over, the older one finishes what it has', async () => {
  const pool = poolWith({});
  const old = functionOf(ECHO);
  const [idle, busy] = await Promise.all([pool.acquire(targetOf(old)), pool.acquire(targetOf(old))]);
  pool.release(idle as Instance);
  const next = await pool.acquire(targetOf({ ...old, revision: 2, version: 2 }));
  assert.equal(next.version, 2);
  await idle?.ended;
  assert.deepEqual(await runOn(busy as Instance, 'still here'), 'still here');
  pool.release(busy as Instance);
  await busy?.ended;
});

test('code that can not be loaded fails the run that asked, and the next is tried anew', async () => {
  const pool = poolWith({});
  const target = targetOf(functionOf('throw new TypeError("at load")'));
  for (let tries = 0; tries < 2; tries += 1) {
    await assert.rejects(pool.acquire(target), (error) => {
      assert.ok(error instanceof StartFailure);
      assert.deepEqual([error.outcome.end, error.outcome.error.type], ['threw', 'TypeError']);
      return true;
    });
  }
  assert.deepEqual(pool.census(), { instances: 0, idle: 0, waiting: 0, promisedMb: 0 });
});

test('an instance that dies while idle is not handed out', async () => {
  const pool = poolWith({});
  const target = targetOf(
    functionOf('exports.handler = async () => { setImmediate(() => process.exit(1)); };'),
  );
  const first = await pool.acquire(target);
  await runOn(first, null);
  pool.release(first);
  await first.ended;
  const second = await pool.acquire(target);
  assert.notEqual(second, first);
});

test('a closed pool refuses who waits and ends every instance', async () => {
  const pool = poolWith({ instancesPerFunction: 1 });
  const target = targetOf(functionOf(ECHO));
  const instance = await pool.acquire(target);
  const waiting = assert.rejects(pool.acquire(target), { code: 'unavailable' });
  await pool.close();
  await waiting;
  assert.ok(instance.isEnded);
});
