// The pool with real runtimes in it (without jails: walls are not its affair).
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Config, parseConfig } from '../../src/config/config.ts';
import type { RunnableFunction } from '../../src/functions/function.ts';
import type { Instance } from '../../src/sandbox/instance.ts';
import type { Lease, PoolTarget } from '../../src/sandbox/revision-pool.ts';
import { type PoolLimits, SandboxPool } from '../../src/sandbox/sandbox-pool.ts';
import { createTargetMaker } from '../../src/sandbox/sandbox-starter.ts';
import { StartFailure } from '../../src/sandbox/start-failure.ts';
import { chooseEngine, openBareScene } from './bare-scene.ts';

const scene = openBareScene({ canFork: false });
const config: Config = parseConfig({}, { workingDir: scene.dataDir, totalMemoryMb: 4096, cores: 2 });
const targetOf = createTargetMaker({
  driver: scene.driver,
  chooseEngine,
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
  await scene.close();
});

function poolWith(limits: Partial<PoolLimits>): SandboxPool {
  const all = {
    memoryBudgetMb: 4096,
    instancesPerFunction: 4,
    admissionWaitMs: 20_000,
    idleMs: 1000,
    startsAtOnce: 4,
    cpuPercent: 100,
    ...limits,
  };
  const pool = new SandboxPool(all, () => nowMs);
  pools.push(pool);
  return pool;
}

function functionOf(code: string, change: Partial<RunnableFunction> = {}): RunnableFunction {
  return scene.functionOf('index.js', code, { handler: 'index.handler', reuse: 'warm', ...change });
}

const ECHO = 'exports.handler = async (event) => event;';

async function runOn({ instance }: Lease, event: unknown): Promise<unknown> {
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
  assert.equal(pool.tryAcquire(target)?.instance, first.instance);
  assert.equal(pool.tryAcquire(target), null);
});

test('no more instances than the limit are started, and who waits is served in turn', async () => {
  const pool = poolWith({ instancesPerFunction: 2 });
  const target = targetOf(functionOf(ECHO));
  const both = await Promise.all([pool.acquire(target), pool.acquire(target)]);
  const waiting = [pool.acquire(target), pool.acquire(target), pool.acquire(target)];
  const served: Lease[] = [];
  for (const [turn, next] of waiting.entries()) {
    const ended = turn < 2 ? both[turn] : served[0];
    pool.release(ended as Lease);
    served.push(await next);
    assert.equal(served[turn]?.instance, ended?.instance);
  }
  assert.equal(pool.stats().instances, 2);
});

test('so many start at once, and nobody gets a second one before another its first', async () => {
  const pool = poolWith({ startsAtOnce: 2, instancesPerFunction: 2 });
  const order: string[] = [];
  let starting = 0;
  let mostStarting = 0;
  const targets = ['a', 'b', 'c'].map((name) => {
    const target = targetOf(functionOf(ECHO, { id: name }));
    const start = async (): Promise<Instance> => {
      order.push(name);
      starting += 1;
      mostStarting = Math.max(mostStarting, starting);
      return await target.start().finally(() => {
        starting -= 1;
      });
    };
    return { ...target, start };
  });
  const leases = await Promise.all(targets.flatMap((target) => [pool.acquire(target), pool.acquire(target)]));
  assert.equal(mostStarting, 2);
  assert.deepEqual(order.slice(0, 3).toSorted(), ['a', 'b', 'c']);
  for (const lease of leases) pool.release(lease);
});

test('a start that takes long stands in nobody’s way', async () => {
  const pool = poolWith({ startsAtOnce: 1 });
  const slow = targetOf(functionOf(`const until = Date.now() + 4000; while (Date.now() < until); ${ECHO}`));
  const order: string[] = [];
  const acquire = async (name: string, target: PoolTarget): Promise<void> => {
    pool.release(await pool.acquire(target));
    order.push(name);
  };
  await Promise.all([acquire('slow', slow), acquire('quick', targetOf(functionOf(ECHO, { id: 'quick' })))]);
  assert.deepEqual(order, ['quick', 'slow']);
});

test('who waits for an instance that dies gets the next one, however full the function was', async () => {
  const pool = poolWith({ instancesPerFunction: 1 });
  const target = targetOf(functionOf(ECHO));
  // So many that the wait is foretold from them, so long that it is more than is tolerable.
  for (let i = 0; i < 55; i++) {
    const lease = await pool.acquire(target);
    await delay(4);
    pool.release(lease);
  }
  const held = await pool.acquire(target);
  const waiting = [pool.acquire(target), pool.acquire(target)];
  held.instance.stop();
  await held.instance.ended;
  for (const lease of waiting) pool.release(await lease);
  assert.equal(pool.stats().instances, 1);
});

test('a thousand who wait for a full function keep nothing busy', async () => {
  const pool = poolWith({ instancesPerFunction: 1 });
  const target = targetOf(functionOf(ECHO));
  const held = await pool.acquire(target);
  const waiting = Array.from({ length: 1000 }, () => pool.acquire(target));
  const before = performance.eventLoopUtilization();
  await delay(500);
  assert.ok(performance.eventLoopUtilization(before).utilization < 0.2);
  pool.release(held);
  for (const lease of waiting) pool.release(await lease);
});

test('a closed pool refuses who waits for an older revision, too, although its instance has died', async () => {
  const pool = poolWith({ instancesPerFunction: 1 });
  const target = targetOf(functionOf(ECHO));
  const held = await pool.acquire(target);
  const waiting = pool.acquire(target);
  pool.retire(target.functionId);
  held.instance.stop();
  await held.instance.ended;
  await Promise.all([assert.rejects(waiting, { code: 'unavailable' }), pool.close()]);
});

test('who waits too long is refused', async () => {
  const pool = poolWith({ instancesPerFunction: 1, admissionWaitMs: 50 });
  const target = targetOf(functionOf(ECHO));
  await pool.acquire(target);
  await assert.rejects(pool.acquire(target), { code: 'too_many_runs' });
  assert.equal(pool.stats().waiting, 0);
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
  assert.ok(!busy.instance.isEnded && !newest.instance.isEnded);
  assert.ok(pool.stats().promisedMb <= 600);
});

test('no more instances give way than memory is short of, however often it is asked for', async () => {
  const pool = poolWith({ instancesPerFunction: 1 });
  const idle = await Promise.all(Array.from({ length: 8 }, () => pool.acquire(targetOf(functionOf(ECHO)))));
  for (const lease of idle) pool.release(lease);
  const memoryMb = 4096 - pool.stats().promisedMb + 1;
  const large = targetOf(functionOf(ECHO, { memoryMb }));
  const waiting = Array.from({ length: 5 }, () => pool.acquire(large));
  for (const lease of waiting) pool.release(await lease);
  assert.equal(idle.filter(({ instance }) => instance.isEnded).length, 1);
});

test('idle instances end with age, busy ones do not', async () => {
  const pool = poolWith({ idleMs: 1000 });
  const target = targetOf(functionOf(ECHO));
  const [idle, busy] = await Promise.all([pool.acquire(target), pool.acquire(target)]);
  pool.release(idle as Lease);
  nowMs += 1001;
  pool.tick();
  await idle?.instance.ended;
  assert.equal(busy?.instance.isEnded, false);
  assert.deepEqual(pool.stats(), { instances: 1, idle: 0, waiting: 0, promisedMb: 256 });
});

test('a newer revision takes over, the older one finishes what it has', async () => {
  const pool = poolWith({});
  const old = functionOf(ECHO);
  const [idle, busy] = await Promise.all([pool.acquire(targetOf(old)), pool.acquire(targetOf(old))]);
  pool.release(idle as Lease);
  const next = await pool.acquire(targetOf({ ...old, revision: 2, version: 2 }));
  assert.equal(next.instance.version, 2);
  await idle?.instance.ended;
  assert.deepEqual(await runOn(busy as Lease, 'still here'), 'still here');
  pool.release(busy as Lease);
  await busy?.instance.ended;
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
  assert.deepEqual(pool.stats(), { instances: 0, idle: 0, waiting: 0, promisedMb: 0 });
});

test('an instance that dies while idle is not handed out', async () => {
  const pool = poolWith({});
  const target = targetOf(
    functionOf('exports.handler = async () => { setImmediate(() => process.exit(1)); };'),
  );
  const first = await pool.acquire(target);
  await runOn(first, null);
  pool.release(first);
  await first.instance.ended;
  const second = await pool.acquire(target);
  assert.notEqual(second.instance, first.instance);
});

test('a closed pool refuses who waits and ends every instance', async () => {
  const pool = poolWith({ instancesPerFunction: 1 });
  const target = targetOf(functionOf(ECHO));
  const { instance } = await pool.acquire(target);
  const waiting = assert.rejects(pool.acquire(target), { code: 'unavailable' });
  await pool.close();
  await waiting;
  assert.ok(instance.isEnded);
});
