// Faults are grouped as their runs are written: counted once, by hour, over any number of writers; a group
// that is new in a version is published once. With a real PostgreSQL.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { pino } from 'pino';
import type { World } from '../../src/accounts/account.ts';
import { createErrorGrouper } from '../../src/error-groups/group-errors.ts';
import { deleteOldErrors, foldErrors } from '../../src/error-groups/group-store.ts';
import { countByHour, listGroupRuns, listGroups } from '../../src/error-groups/read-group-store.ts';
import { createOwnEventPublisher } from '../../src/events/own-events.ts';
import { newEventId, newRunId } from '../../src/ids/ids.ts';
import { countRuns } from '../../src/metrics/count-store.ts';
import { foldCounts } from '../../src/metrics/fold-store.ts';
import { reportUsage } from '../../src/metrics/report-usage.ts';
import type { Run } from '../../src/runs/run.ts';
import { RunRecorder } from '../../src/runs/run-recorder.ts';
import { watchAll } from '../../src/runs/run-watch.ts';
import { KEYS, openScene, type Scene } from '../queue/queue-scene.ts';

const log = pino({ level: 'silent' });
const HOUR_MS = 3_600_000;
const publishOwn = createOwnEventPublisher({ newEventId, log, mostDepth: 16, clock: Date.now });
const watch = watchAll([countRuns, createErrorGrouper(publishOwn)]);

let scene: Scene;
let world: World;
let fn: string;
before(async () => {
  scene = await openScene();
});
after(() => scene?.database.close());
beforeEach(async () => {
  world = await scene.makeAccount();
  fn = await scene.makeFunction(world);
});

function failed(message: string, part: Partial<Run> = {}): Run {
  const now = Date.now();
  return {
    ...{
      ...world,
      id: newRunId(now),
      functionId: fn,
      version: 1,
      trigger: 'http',
      cause: {},
      status: 'failed',
    },
    ...{ attempts: 1, memoryMb: 256, createdAtMs: now, startedAtMs: now, endedAtMs: now, durationMs: 1 },
    ...{ initMs: null, memoryPeakBytes: null, engine: null, responseStatus: 500 },
    error: { type: 'Error', message, stack: 'Error\n    at read (/var/task/index.js:1:1)' },
    ...part,
  };
}

async function record(runs: readonly Run[]): Promise<void> {
  const recorder = new RunRecorder({ database: scene.database, node: () => 'one', log, keys: KEYS, watch });
  for (const run of runs) recorder.finish(run, null);
  await recorder.flush();
}

const span = () => ({ from: new Date(Date.now() - 100 * HOUR_MS), to: new Date(Date.now() + HOUR_MS) });
const groups = () => listGroups(scene.database, world, { ...span(), functionId: fn, id: null, limit: 10 });
async function fold(): Promise<void> {
  while ((await foldErrors(scene.database, 3)) > 0);
}
async function events(type: string): Promise<Record<string, unknown>[]> {
  const rows = await scene.database.query<{ data: Record<string, unknown> }>(
    'select data from events where account_id = $1 and type = $2 order by position',
    [world.accountId, type],
  );
  return rows.map(({ data }) => data);
}

describe('groups of errors', () => {
  test('count what is alike, before and after folding, by hour and version', async () => {
    const earlier = { endedAtMs: Date.now() - 5 * HOUR_MS };
    await record([failed('order 1'), failed('order 2'), failed('other', earlier)]);
    await record([
      failed('order 3', { ...earlier, version: 2 }),
      failed('fine', { status: 'succeeded', error: null }),
    ]);
    const known = async () =>
      (await groups()).map(({ message, count, versions }) => [message, count, versions]);
    const expected = [
      ['order <n>', 3, [2, 1]],
      ['other', 1, [1]],
    ];
    assert.deepEqual(await known(), expected);
    await Promise.all([fold(), fold()]);
    assert.deepEqual(await known(), expected);
    await record([failed('order 4')]);
    await fold();
    const [first] = await groups();
    assert.equal(first?.count, 4);
    const hours = await countByHour(scene.database, world, { ...span(), id: first?.id ?? '' });
    assert.deepEqual(
      hours.map(({ count }) => count),
      [1, 3],
    );
    assert.equal(
      (await listGroupRuns(scene.database, world, first?.id ?? '', { after: null, limit: 10 })).length,
      4,
    );
  });

  test('are published when they are new in a version, once, whoever writes first', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, n) => record([failed(`no ${n}`), failed(`never ${n}`)])));
    await record([failed('no 9', { version: 2 })]);
    const told = (await events('error.new')).map(
      ({ version, error_message: message }) => `${version} ${message}`,
    );
    assert.deepEqual(told.sort(), ['1 never <n>', '1 no <n>', '2 no <n>']);
  });

  test('have none of what is no fault of the function', async () => {
    const lost = { type: 'Platform.Stopped', message: 'no', stack: '' };
    await record([failed('', { error: lost }), failed('', { status: 'cancelled' })]);
    assert.deepEqual(await groups(), []);
  });

  test('are bounded: beyond a thousand of a function, errors are in no group', async () => {
    const words = (n: number): string => [...String(n)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
    await record(Array.from({ length: 1_020 }, (_, n) => failed(words(n))));
    await record([failed('zz')]);
    const [row] = await scene.database.query<{ n: number }>(
      'select count(*) as n from error_groups where account_id = $1',
      [world.accountId],
    );
    assert.ok((row?.n ?? 0) >= 1_000 && (row?.n ?? 0) <= 2_000, `${row?.n}`);
    assert.ok(!(await groups()).some(({ message }) => message === 'zz'));
  });

  test('go when they are old, with their runs', async () => {
    const old = { endedAtMs: Date.now() - 90 * HOUR_MS, id: newRunId(Date.now() - 90 * HOUR_MS) };
    await record([failed('old', old), failed('new')]);
    await fold();
    await deleteOldErrors(scene.database, { runDays: 3, hourDays: 3 }, 100);
    await deleteOldErrors(scene.database, { runDays: 3, hourDays: 3 }, 100);
    assert.deepEqual(
      (await groups()).map(({ message }) => message),
      ['new'],
    );
  });
});

describe('usage.daily', () => {
  test('is published once a day of an account that is over, by however many nodes', async () => {
    const yesterday = Date.now() - 30 * HOUR_MS;
    await record([
      failed('a', { endedAtMs: yesterday, durationMs: 1_500 }),
      failed('b', { endedAtMs: yesterday, status: 'succeeded', error: null }),
      failed('c', { status: 'succeeded', error: null }),
    ]);
    while ((await foldCounts(scene.database, 100)) > 0);
    await Promise.all([1, 2, 3].map(() => reportUsage({ database: scene.database, publishOwn })));
    await reportUsage({ database: scene.database, publishOwn });
    const told = await events('usage.daily');
    assert.equal(told.length, 1);
    const { date, runs, failed_runs: faults, execution_seconds: seconds } = told[0] ?? {};
    assert.deepEqual(
      [date, runs, faults, seconds],
      [new Date(yesterday).toISOString().slice(0, 10), 2, 1, 1.501],
    );
  });
});
