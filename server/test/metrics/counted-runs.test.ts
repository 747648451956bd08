// Numbers of runs agree with the runs, whatever wrote them and however often they were folded. With a real
// PostgreSQL.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { pino } from 'pino';
import type { World } from '../../src/accounts/account.ts';
import { newRunId } from '../../src/ids/ids.ts';
import { countRuns } from '../../src/metrics/count-store.ts';
import { durationOf } from '../../src/metrics/duration-buckets.ts';
import { deleteOldMetrics, foldCounts, type Grain } from '../../src/metrics/fold-store.ts';
import { type MetricPoint, readMetrics, readUsage } from '../../src/metrics/metric-store.ts';
import { OUTCOMES } from '../../src/metrics/tally-runs.ts';
import { createRunCanceller } from '../../src/queue/cancel-run.ts';
import { startRescuer } from '../../src/queue/rescuer.ts';
import { Settler } from '../../src/queue/settler.ts';
import { ActiveRuns } from '../../src/runs/active-runs.ts';
import type { Run } from '../../src/runs/run.ts';
import { RunRecorder } from '../../src/runs/run-recorder.ts';
import { KEYS, openScene, type Scene, settledOf } from '../queue/queue-scene.ts';

const log = pino({ level: 'silent' });
const DAY_MS = 86_400_000;
const NOW_MS = Date.now();
const endings = { followers: {}, onEveryEnd: [], watch: countRuns };

let scene: Scene;
let world: World;
let fn: string;

before(async () => {
  scene = await openScene();
  await scene.makeNode('one');
});
after(() => scene?.database.close());
beforeEach(async () => {
  world = await scene.makeAccount();
  fn = await scene.makeFunction(world);
});

function run(part: Partial<Run> = {}): Run {
  const now = Date.now();
  return {
    ...{
      ...world,
      id: newRunId(now),
      functionId: fn,
      version: 1,
      trigger: 'http',
      cause: {},
      status: 'running',
    },
    ...{ attempts: 1, memoryMb: 256, createdAtMs: now - 20, startedAtMs: now - 15, endedAtMs: now },
    ...{ durationMs: 14.567, initMs: null, memoryPeakBytes: 1_000, error: null, engine: null },
    ...{ responseStatus: 200, facts: { in: 100, out: 7 } },
    ...part,
  };
}

const recorder = (): RunRecorder =>
  new RunRecorder({ database: scene.database, node: () => 'one', log, keys: KEYS, watch: countRuns });
const settler = (): Settler =>
  new Settler({
    ...{ database: scene.database, keys: KEYS, endings, onFaulty: async () => {}, log },
    ...{ keptResultBytes: 1_000, clock: Date.now },
  });

async function numbersOf(grain: Grain = 'minute'): Promise<MetricPoint['numbers'] | null> {
  const [point] = await pointsOf(grain);
  return point?.numbers ?? null;
}

async function pointsOf(grain: Grain): Promise<MetricPoint[]> {
  const answer = await readMetrics(scene.database, world, {
    ...{ from: new Date(NOW_MS - 30 * DAY_MS), to: new Date(NOW_MS + DAY_MS), grain },
    ...{ stepMs: 31 * DAY_MS, groupBy: 'none', functionId: null, trigger: null },
    ...{ mostRows: 10_000, mostPoints: 100 },
  });
  assert.ok(answer.kind === 'points');
  return answer.points;
}

/** The same, counted in the runs themselves. */
async function countedInRuns(): Promise<Record<string, number>> {
  const [row] = await scene.database.query<Record<string, number>>(
    `select ${OUTCOMES.map((name) => `count(*) filter (where status = '${name}') as ${name}`).join(', ')},
       (coalesce(sum(round(duration_ms::numeric * 1000)) filter (where jsonb_array_length(history) < attempts), 0)
         + coalesce(sum((select sum(round((past ->> 'duration_ms')::numeric * 1000))
             from jsonb_array_elements(history) past)), 0))::float8 as execution_us,
       count(*) filter (where init_ms is not null) as cold_starts
     from all_runs where account_id = $1`,
    [world.accountId],
  );
  return row ?? {};
}

async function assertAgreement(): Promise<void> {
  const expected = await countedInRuns();
  for (const grain of ['minute', 'hour', 'day'] as const) {
    const numbers = await numbersOf(grain);
    const told = Object.fromEntries(
      Object.keys(expected).map((name) => [name, (numbers as never)?.[name] ?? 0]),
    );
    assert.deepEqual(told, { ...expected }, grain);
  }
}

async function fold(): Promise<void> {
  while ((await foldCounts(scene.database, 7)) > 0);
}

describe('numbers of runs', () => {
  test('agree with recorded runs: written as running, written twice, in one batch or in many', async () => {
    const recording = recorder();
    const statuses = ['succeeded', 'failed', 'timed_out', 'out_of_memory', 'crashed', 'cancelled'] as const;
    const runs = Array.from({ length: 60 }, (_, n) =>
      run({ initMs: n % 7 === 0 ? 30.25 : null, durationMs: n * 1.5 }),
    );
    for (const one of runs.slice(0, 30)) recording.begin(one);
    await recording.flush();
    assert.equal(await numbersOf(), null, 'what goes on is not counted');
    for (const [n, one] of runs.entries()) {
      recording.finish({ ...one, status: statuses[n % statuses.length] ?? 'failed' }, null);
      if (n % 20 === 0) await recording.flush();
    }
    await recording.flush();
    await assertAgreement();
    for (const one of runs) recording.finish({ ...one, status: 'failed' }, null);
    await recording.flush();
    await assertAgreement();
    const numbers = await numbersOf();
    assert.equal(numbers?.bytes_in, 6_000);
    assert.equal(numbers?.bytes_out, 420);
    assert.equal(numbers?.wait_us, 60 * 5_000);
    assert.equal(numbers?.memory_peak_bytes, 1_000);
  });

  test('agree with queued runs: retried, lost with their node, cancelled, dead', async () => {
    for (let n = 0; n < 12; n += 1) await scene.enqueue(world, fn);
    const { runs } = await scene.claim('one', { runs: 8, ofFunction: 8, ofAccount: 8 });
    const settling = settler();
    const error = { type: 'Error', message: 'no', stack: '' };
    const ends = runs.map((claimed, n) => {
      const settled = settledOf(claimed, n % 2 === 0 ? {} : { next: { queuedAfterMs: 0 } });
      if (settled.attempt !== null && n % 2 === 1)
        Object.assign(settled.attempt, { status: 'failed', error });
      return settling.settle({ settled, atMs: Date.now(), recorded: null, result: null, faults: null });
    });
    await Promise.all(ends);
    await assertAgreement();
    await scene.makeNode('gone', 3_600_000);
    await scene.claim('gone', { runs: 5, ofFunction: 5, ofAccount: 5 });
    await scene.database.query("delete from nodes where id = 'gone'");
    const parts = {
      database: scene.database,
      endings,
      node: () => 'one',
      everyMs: 60_000,
      wake: () => {},
      log,
    };
    const rescuer = startRescuer({ ...parts, mostLosses: 1 });
    await rescuer.rescue();
    await rescuer.stop();
    const cancel = createRunCanceller({ database: scene.database, endings, active: new ActiveRuns() });
    const waiting = await scene.database.query<{ id: string }>(
      "select id from runs where status = 'queued' and account_id = $1",
      [world.accountId],
    );
    for (const { id } of waiting) await cancel(world, id);
    await assertAgreement();
    const { dead, cancelled, attempts } = (await numbersOf()) ?? {};
    assert.deepEqual({ dead, cancelled, attempts }, { dead: 5, cancelled: waiting.length, attempts: 8 });
    assert.ok(waiting.length > 0);
  });

  test('are the same before, between and after folding, by several nodes at once', async () => {
    const recording = recorder();
    for (let n = 0; n < 40; n += 1) {
      const endedAtMs = Date.now() - n * 3 * 3_600_000;
      recording.finish(
        run({ status: 'succeeded', durationMs: 1.02 ** (n + 0.5), endedAtMs, initMs: 3.5 }),
        null,
      );
      if (n % 3 === 0) await recording.flush();
    }
    await recording.flush();
    const before = await pointsOf('minute');
    await foldCounts(scene.database, 5);
    await Promise.all([fold(), fold(), fold()]);
    await assertAgreement();
    assert.deepEqual(await pointsOf('minute'), before);
    assert.deepEqual(
      [...(before[0]?.buckets ?? [])].map(([bucket]) => Math.round(durationOf(bucket) * 10) / 10).length,
      40,
      'each duration has a bucket of its own',
    );
    const [left] = await scene.database.query<{ n: number }>('select count(*) as n from run_counts');
    assert.equal(left?.n, 0);
    const days = await readUsage(scene.database, world, {
      ...{
        from: new Date(Date.now() - 30 * DAY_MS),
        to: new Date(Date.now() + DAY_MS),
        after: null,
        limit: 100,
      },
    });
    assert.equal(
      days.reduce((sum, { numbers }) => sum + numbers.succeeded, 0),
      40,
    );
    assert.ok(days.length >= 5);
  });

  test('of minutes go before those of days', async () => {
    const recording = recorder();
    recording.finish(run({ status: 'succeeded', endedAtMs: Date.now() - 3 * DAY_MS }), null);
    await recording.flush();
    await fold();
    while ((await deleteOldMetrics(scene.database, { grain: 'minute', keptDays: 2 }, 10)) > 0);
    await deleteOldMetrics(scene.database, { grain: 'day', keptDays: 5 }, 10);
    assert.equal(await numbersOf('minute'), null);
    assert.equal((await numbersOf('day'))?.succeeded, 1);
  });

  test('refuse to be read where that would take too many of them', async () => {
    const recording = recorder();
    for (let n = 0; n < 30; n += 1) {
      recording.finish(run({ status: 'succeeded', endedAtMs: Date.now() - n * 60_000 }), null);
    }
    await recording.flush();
    await fold();
    const query = {
      ...{ from: new Date(Date.now() - DAY_MS), to: new Date(Date.now() + DAY_MS), grain: 'minute' as const },
      ...{ groupBy: 'none' as const, functionId: null, trigger: null, stepMs: 60_000 },
    };
    const asked = async (most: object): Promise<string> =>
      (await readMetrics(scene.database, world, { ...query, mostRows: 1_000, mostPoints: 100, ...most }))
        .kind;
    assert.equal(await asked({}), 'points');
    assert.equal(await asked({ mostRows: 20 }), 'too_many');
    assert.equal(await asked({ mostPoints: 20 }), 'too_many');
  });
});
