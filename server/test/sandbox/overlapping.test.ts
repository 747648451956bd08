// Instances that have several runs in hand, and the pool that fills them, with real runtimes in them (without
// jails: walls are not their affair).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { bundleDir, engineBinary } from '../../../contract/paths.ts';
import { parseConfig } from '../../src/config/config.ts';
import { type RunnableFunction, USUAL_SETTINGS } from '../../src/functions/function.ts';
import type { LogLines } from '../../src/logs/log-lines.ts';
import { openBareDriver } from '../../src/sandbox/bare-driver.ts';
import type { FinishedInvocation } from '../../src/sandbox/invocation.ts';
import type { Lease, PoolTarget } from '../../src/sandbox/revision-pool.ts';
import { type PoolLimits, SandboxPool } from '../../src/sandbox/sandbox-pool.ts';
import { createTargetMaker } from '../../src/sandbox/sandbox-starter.ts';
import { chooseEngine } from './bare-scene.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-overlapping-'));
const enginesDir = path.join(dataDir, 'engines');
const binary = engineBinary(enginesDir, 24);
mkdirSync(path.dirname(binary), { recursive: true });
symlinkSync(process.execPath, binary);
const driver = openBareDriver({ dataDir, enginesDir, extraCaCerts: null });
const { limits } = parseConfig(
  { MILLRACE_LOG_BYTES_PER_RUN: '20000' },
  { workingDir: dataDir, totalMemoryMb: 4096, cores: 2 },
);
const late: { runId: string; text: string }[] = [];
const targetOf = createTargetMaker({
  driver,
  chooseEngine,
  ensureEngine: async () => {},
  ensureBundle: async () => {},
  egressDenyOf: async () => [],
  limits,
  clock: Date.now,
  onLateLines: (_fn, runId, log) => late.push({ runId, text: textOf(log) }),
  offers: null,
});

const pools: SandboxPool[] = [];
after(async () => {
  for (const pool of pools) await pool.close();
  await driver.close();
  rmSync(dataDir, { recursive: true });
});

function poolWith(change: Partial<PoolLimits> = {}): SandboxPool {
  const usual = {
    ...{ memoryBudgetMb: 4096, instancesPerFunction: 4, startsAtOnce: 4, cpuPercent: 100 },
    ...{ admissionWaitMs: 20_000, idleMs: 60_000 },
  };
  const pool = new SandboxPool({ ...usual, ...change }, Date.now);
  pools.push(pool);
  return pool;
}

let made = 0;
function target(code: string, change: Partial<RunnableFunction> = {}): PoolTarget {
  const bundleHash = createHash('sha256').update(code).digest('hex');
  mkdirSync(bundleDir(dataDir, bundleHash), { recursive: true });
  writeFileSync(path.join(bundleDir(dataDir, bundleHash), 'index.js'), code);
  made += 1;
  return targetOf({
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
      concurrency: 4,
      version: 1,
      revision: 1,
    },
    ...{ handler: 'index.handler', runtime: 'nodejs24.x', bundleHash, filename: 'x.zip', sizeBytes: 1 },
    ...{ ...USUAL_SETTINGS, convention: 'lambda', layerHash: null, dependencies: {} },
    ...{
      disabledReason: null,
      pausedAt: null,
      createdAt: new Date(0),
      modifiedAt: new Date(0),
      variables: {},
    },
    ...change,
  });
}

const textOf = (log: LogLines): string => log.lines.map(({ text }) => text).join('\n');

/** Runs it and gives the place back when it has settled. */
async function runOn(
  pool: SandboxPool,
  lease: Lease,
  event: unknown,
  timeoutMs = 10_000,
): Promise<FinishedInvocation> {
  const runId = (event as { name?: string } | null)?.name ?? 'run';
  const finished = await lease.instance.run({
    runId,
    functionArn: '',
    timeoutMs,
    event: JSON.stringify(event),
  });
  void finished.settled.then(() => pool.release(lease));
  return finished;
}

async function run(
  pool: SandboxPool,
  at: PoolTarget,
  event: unknown,
  timeoutMs?: number,
): Promise<FinishedInvocation> {
  return await runOn(pool, pool.tryAcquire(at) ?? (await pool.acquire(at)), event, timeoutMs);
}

/** Two runs at a time, each in an instance of its own, whichever of those is there first. */
async function overlap(pool: SandboxPool, at: PoolTarget): Promise<void> {
  const leases = await Promise.all([pool.acquire(at), pool.acquire(at)]);
  const runs = await Promise.all(leases.map((lease) => runOn(pool, lease, { ms: 100 })));
  await Promise.all(runs.map(({ settled }) => settled));
}

function resultOf({ outcome }: FinishedInvocation): unknown {
  return outcome.end === 'returned' ? JSON.parse(outcome.result.toString()) : outcome.error;
}

const WAITS = `exports.handler = async ({ ms }) => { await new Promise((resolve) => setTimeout(resolve, ms)); return process.pid; };`;

test('free places are taken before another instance is started, the fullest instance first', async () => {
  const pool = poolWith();
  const at = target(WAITS);
  const first = await Promise.all([1, 2, 3, 4, 5].map(() => pool.acquire(at)));
  assert.equal(pool.stats().instances, 2);
  const [full, other] = [first[0], first[4]] as [Lease, Lease];
  assert.equal(new Set(first.slice(0, 4).map(({ instance }) => instance)).size, 1);
  pool.release(full);
  pool.release(other);
  assert.equal(pool.tryAcquire(at)?.instance, full.instance);
  assert.equal(pool.tryAcquire(at)?.instance, other.instance);
  assert.equal(pool.stats().promisedMb, 512);
});

test('an instance with runs is kept, one without ends with its age', async () => {
  let nowMs = 0;
  const pool = new SandboxPool(
    {
      memoryBudgetMb: 4096,
      instancesPerFunction: 4,
      admissionWaitMs: 20_000,
      idleMs: 1000,
      startsAtOnce: 4,
      cpuPercent: 100,
    },
    () => nowMs,
  );
  pools.push(pool);
  const at = target(WAITS);
  const [one, two] = [await pool.acquire(at), await pool.acquire(at)];
  assert.equal(one.instance, two.instance);
  pool.release(one);
  nowMs += 2000;
  pool.tick();
  assert.equal(one.instance.isEnded, false);
  pool.release(two);
  assert.equal(pool.stats().idle, 1);
  nowMs += 2000;
  pool.tick();
  await one.instance.ended;
});

test('who waits for places is served as soon as there are some, all at once by a new instance', async () => {
  const pool = poolWith({ instancesPerFunction: 1 });
  const at = target(WAITS);
  const leases = await Promise.all([1, 2, 3, 4].map(() => pool.acquire(at)));
  const waiting = [pool.acquire(at), pool.acquire(at)];
  assert.equal(pool.stats().waiting, 2);
  for (const lease of leases.slice(0, 2)) pool.release(lease);
  for (const lease of await Promise.all(waiting)) assert.equal(lease.instance, leases[0]?.instance);
});

test('an instance that drains gets no further runs and ends with its last', async () => {
  const pool = poolWith();
  const at = target(WAITS);
  const slow = run(pool, at, { name: 'slow', ms: 2_000 });
  const lease = await pool.acquire(at);
  const late = await runOn(pool, lease, { name: 'late', ms: 5_000 }, 100);
  assert.equal(late.outcome.end, 'timed_out');
  assert.deepEqual([lease.instance.takesRuns, lease.instance.isEnded], [false, false]);
  const next = await pool.acquire(at);
  assert.notEqual(next.instance, lease.instance);
  assert.equal((await slow).outcome.end, 'returned');
  await lease.instance.ended;
});

test('the next instance is there before it is needed, once runs have overlapped', async () => {
  const pool = poolWith();
  const at = target(`const until = Date.now() + 300; while (Date.now() < until); ${WAITS}`, {
    concurrency: 1,
  });
  await overlap(pool, at);
  assert.equal(pool.stats().instances, 2);
  const both = [1, 2].map(() => pool.tryAcquire(at));
  assert.equal(both.includes(null), false);
  // The last free one is taken: a third is on its way, and nobody has asked for it.
  assert.equal(pool.tryAcquire(at), null);
  while (pool.stats().instances < 3) await delay(5);
  assert.notEqual(pool.tryAcquire(at), null);
});

test('no instance is started ahead of need where memory is short, nor where runs never overlapped', async () => {
  const pool = poolWith({ memoryBudgetMb: 600 });
  const crowded = target(WAITS, { concurrency: 1 });
  await overlap(pool, crowded);
  const held = [pool.tryAcquire(crowded), pool.tryAcquire(crowded)];
  assert.ok(held.every((lease) => lease !== null));
  const other = poolWith();
  const calm = target(WAITS, { concurrency: 1 });
  for (let i = 0; i < 3; i++) await (await run(other, calm, { ms: 60 })).settled;
  assert.notEqual(other.tryAcquire(calm), null);
  await delay(100);
  assert.deepEqual([pool.stats().instances, other.stats().instances], [2, 1]);
});

test('what is printed past the console while runs overlap stands in the oldest one’s log, behind a word that says so', async () => {
  const pool = poolWith();
  const at = target(`exports.handler = async ({ name, ms }) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    require('node:fs').writeSync(1, 'raw of ' + name + '\\n');
    console.log('line of', name);
    await new Promise((resolve) => setTimeout(resolve, 60));
  };`);
  const lease = await pool.acquire(at);
  const [oldest, other] = await Promise.all([
    runOn(pool, lease, { name: 'oldest', ms: 40 }),
    run(pool, at, { name: 'other', ms: 10 }),
  ]);
  const [mark, ...lines] = textOf(oldest.log)
    .split('\n')
    .filter((line) => !line.includes('\tINFO\t'));
  assert.match(mark ?? '', /^\[millrace\] 2 runs overlap here: /);
  assert.deepEqual(lines, ['raw of other', 'raw of oldest']);
  assert.match(textOf(other.log), /^\S+\tother\tINFO\tline of other$/);
});

test('what a run prints after its end is handed over as its own', async () => {
  const pool = poolWith();
  const at = target(
    `exports.handler = async ({ name, ms }) => { setTimeout(() => console.log('late of', name), ms); };`,
  );
  const lease = await pool.acquire(at);
  await Promise.all([runOn(pool, lease, { name: 'a', ms: 40 }), run(pool, at, { name: 'b', ms: 20 })]);
  // They are handed over when the next run begins.
  while (late.length < 2) {
    await delay(5);
    await run(pool, at, { name: 'next', ms: 60_000 });
  }
  assert.deepEqual(
    late.map(({ runId, text }) => [runId, text.replace(/^\S+Z\t/, '')]),
    [
      ['b', 'b\tINFO\tlate of b'],
      ['a', 'a\tINFO\tlate of a'],
    ],
  );
});

test('an error from what a run of long ago has left behind lets the runs in hand finish', async () => {
  const pool = poolWith();
  const at = target(`
    const { AsyncResource } = require('node:async_hooks');
    let fail;
    exports.handler = async ({ name }) => {
      if (name === 'first') fail = AsyncResource.bind(() => setImmediate(() => { throw new Error('of old'); }));
      if (name === 'last') { fail(); await new Promise((resolve) => setTimeout(resolve, 50)); }
      return name;
    };`);
  await (await run(pool, at, { name: 'first' })).settled;
  for (let i = 0; i < 110; i++) await (await run(pool, at, { name: 'other' })).settled;
  const last = pool.tryAcquire(at) as Lease;
  assert.equal(resultOf(await runOn(pool, last, { name: 'last' })), 'last');
  await last.instance.ended;
});

test('a flood of one run is cut at its limit and costs the others nothing', async () => {
  const pool = poolWith();
  const at = target(`exports.handler = async ({ name, lines }) => {
    for (let i = 0; i < lines; i++) console.log(name, 'x'.repeat(80));
    return name;
  };`);
  const lease = await pool.acquire(at);
  const [flood, calm] = await Promise.all([
    runOn(pool, lease, { name: 'flood', lines: 20_000 }),
    run(pool, at, { name: 'calm', lines: 2 }),
  ]);
  assert.deepEqual([resultOf(flood), resultOf(calm)], ['flood', 'calm']);
  assert.ok(flood.log.droppedBytes > 1_000_000);
  assert.equal(calm.log.droppedBytes, 0);
  assert.equal(calm.log.lines.length, 2);
});

test('what the limit cuts is said, and shows no half of a secret, also of a run that never ends or prints late', async () => {
  const pool = poolWith();
  const at = target(
    `exports.handler = async ({ name }) => {
      const fill = () => process.stdout.write('x'.repeat(19_990) + process.env.KEY);
      if (name === 'hanging') { fill(); await new Promise((resolve) => setTimeout(resolve, 5000)); }
      if (name === 'printing late') setTimeout(fill, 20);
    };`,
    { variables: { KEY: 'half-of-it-is-too-much' }, secretNames: ['KEY'] },
  );
  const printing = await run(pool, at, { name: 'printing late' });
  await printing.settled;
  const hanging = await run(pool, at, { name: 'hanging' }, 200);
  await hanging.settled;
  assert.equal(hanging.outcome.end, 'timed_out');
  assert.ok(hanging.log.droppedBytes > 0);
  const texts = [
    textOf(hanging.log),
    ...late.filter(({ runId }) => runId === 'printing late').map(({ text }) => text),
  ];
  assert.deepEqual(
    texts.map((text) => text.replace(/x+/, '')),
    ['***', '***'],
  );
});

test('a run is cancelled once, also where that is asked for when it is over', async () => {
  const pool = poolWith();
  const at = target(WAITS);
  const [hanging, other] = [await pool.acquire(at), await pool.acquire(at)];
  const cut = runOn(pool, hanging, { name: 'hanging', ms: 9000 });
  const left = runOn(pool, other, { name: 'other', ms: 300 });
  hanging.instance.cancel('hanging');
  assert.equal((await cut).outcome.end, 'cancelled');
  hanging.instance.cancel('hanging');
  assert.equal((await left).outcome.end, 'returned');
});

test('garbage on the socket ends every run of the instance, and says so', async () => {
  const pool = poolWith();
  const at = target(`exports.handler = async ({ name }) => {
    if (name === 'bad') require('node:fs').writeSync(3, Buffer.alloc(64, 255));
    await new Promise((resolve) => setTimeout(resolve, 5_000));
  };`);
  const lease = await pool.acquire(at);
  const ends = await Promise.all([run(pool, at, { name: 'good' }), runOn(pool, lease, { name: 'bad' })]);
  for (const { outcome } of ends) {
    assert.ok(outcome.end === 'crashed', outcome.end);
    assert.equal(outcome.error.type, 'Runtime.BadFrame');
    assert.match(outcome.error.message, /\(1 other run in the same instance ended with it: which of them/);
  }
});

test('a run that dies in an instance with an earlier one leaves that one’s log alone', async () => {
  const pool = poolWith();
  const at = target(
    `exports.handler = async ({ name }) => { console.log('of', name); if (name === 'dies') process.exit(1); };`,
    { concurrency: 1 },
  );
  await (await run(pool, at, { name: 'lives' })).settled;
  const before = late.length;
  const died = await run(pool, at, { name: 'dies' });
  assert.match(textOf(died.log), /\tdies\tINFO\tof dies$/);
  assert.deepEqual(late.slice(before), []);
});

test('an instance that drains keeps no other from being started, as long as no more drain than there may be', async () => {
  const pool = poolWith({ instancesPerFunction: 1, admissionWaitMs: 200 });
  const at = target(WAITS);
  const drain = async (name: string): Promise<{ stays: Promise<FinishedInvocation> }> => {
    const [staying, cut] = [await pool.acquire(at), await pool.acquire(at)];
    assert.equal(staying.instance, cut.instance);
    const stays = runOn(pool, staying, { name, ms: 9_000 });
    const ending = runOn(pool, cut, { name: `${name} cut`, ms: 9_000 });
    cut.instance.cancel(`${name} cut`);
    assert.equal((await ending).outcome.end, 'cancelled');
    return { stays };
  };
  const first = await drain('first');
  const second = await drain('second');
  assert.equal(pool.stats().instances, 2);
  await assert.rejects(pool.acquire(at), { code: 'too_many_runs' });
  // Neither has waited for the other.
  await pool.close();
  for (const { stays } of [first, second]) assert.equal((await stays).outcome.end, 'crashed');
});
