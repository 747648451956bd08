// Schedules on a real PostgreSQL with the real queue, ticked by one or more real schedulers. Nothing executes
// the runs: tests look at what was accepted. Time is moved by moving a schedule's next tick: no test waits
// for a minute to pass, and none may tick at the turn of a real one, which comes when it will: their
// schedules are daily.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { systemClock } from '../../src/clock/clock.ts';
import { openListener } from '../../src/postgres/listener.ts';
import { createDurableQueue } from '../../src/queue/durable-queue.ts';
import { QueueDepth } from '../../src/queue/queue-depth.ts';
import { publishEndedRuns, SCHEDULE_CHANNEL } from '../../src/schedules/schedule-store.ts';
import { type Scheduler, startScheduler } from '../../src/schedules/scheduler.ts';
import { readNewTrigger } from '../../src/triggers/trigger-fields.ts';
import { type StoredTrigger, TRIGGER_CHANNEL } from '../../src/triggers/trigger-store.ts';
import { type EventScene, LIVE, OTHER, openEventScene, SILENT } from '../events/event-scene.ts';
import { until } from '../until.ts';

const DAY_MS = 86_400_000;
const BOUNDS = { delayLeastMs: 0, delayMostMs: 0 };

type Settings = Record<string, unknown>;
type TickRun = { id: string; trigger_id: string; scheduledAt: string; status: string };

describe('schedules', () => {
  let scene: EventScene;
  const running: { stop(): Promise<void> }[] = [];
  before(async () => {
    scene = await openEventScene();
  });
  after(() => scene?.database.close());
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop();
    await scene.clear();
  });

  async function startNode(queuedRuns = 1_000_000): Promise<Scheduler> {
    const { database, keys } = scene;
    const queue = createDurableQueue({
      ...{ keys, inputLimitBytes: 100_000, wake: () => {} },
      depth: new QueueDepth(queuedRuns, systemClock),
    });
    const scheduler = startScheduler({ database, queue, log: SILENT });
    const wake = (): void => scheduler.wake();
    const channels = { [TRIGGER_CHANNEL]: wake, [SCHEDULE_CHANNEL]: wake };
    const listener = await openListener(database.url, { channels, onMissed: wake }, SILENT);
    running.push({ stop: () => Promise.all([scheduler.stop(), listener.close()]).then(() => {}) });
    return scheduler;
  }

  async function addSchedule(
    functionId: string,
    settings: Settings = {},
    world = LIVE,
  ): Promise<StoredTrigger> {
    const body = { function_id: functionId, kind: 'schedule', settings: { cron: '0 8 * * *', ...settings } };
    return await scene.editing().create(world, readNewTrigger(body, BOUNDS, 0));
  }

  /** Makes ticks due: `ago` says how long. */
  async function makeDue(triggerIds: readonly string[], agoMs: number): Promise<void> {
    await scene.database.query(
      `update triggers set next_tick_at = date_trunc('second', now()) - $2 * interval '1 millisecond'
       where id = any($1::text[])`,
      [triggerIds, agoMs],
    );
    await scene.database.query(`select pg_notify('${SCHEDULE_CHANNEL}', '')`);
  }

  const runs = (triggerId?: string): Promise<TickRun[]> =>
    scene.database.query<TickRun>(
      `select id, trigger_id, cause->>'scheduled_at' as "scheduledAt", status from all_runs
       where $1::text is null or trigger_id = $1 order by due_at, id`,
      [triggerId ?? null],
    );

  const nextTickOf = async (triggerId: string): Promise<Date | null> => {
    const [row] = await scene.database.query<{ next_tick_at: Date | null }>(
      'select next_tick_at from triggers where id = $1',
      [triggerId],
    );
    return row?.next_tick_at ?? null;
  };

  const isTicked = (triggerId: string) => async (): Promise<boolean> =>
    ((await nextTickOf(triggerId))?.getTime() ?? 0) > Date.now();

  test('a new schedule gets its next tick at once, and runs nothing', async () => {
    await startNode();
    const { id } = await addSchedule(await scene.addFunction('f'));
    await until('a next tick', isTicked(id));
    const next = await nextTickOf(id);
    assert.equal(next?.toISOString().slice(11), '08:00:00.000Z');
    assert.equal((await runs()).length, 0);
  });

  test('a tick becomes a run that is told when and why, due at its time', async () => {
    await startNode();
    const { id } = await addSchedule(await scene.addFunction('f'), {
      time_zone: 'US/Eastern',
    });
    await until('a next tick', isTicked(id));
    await makeDue([id], 0);
    await until('a run', async () => (await runs(id)).length === 1);
    const [run] = await runs(id);
    const input = await scene.inputOf((run as TickRun).id);
    assert.equal(input.trigger, 'schedule');
    const facts = { scheduled_at: run?.scheduledAt as string, cron: '0 8 * * *', time_zone: 'US/Eastern' };
    assert.deepEqual(input.source, { id: 'f', name: 'f', facts });
  });

  test('two schedulers make exactly one run of every tick', async () => {
    const [rounds, schedules] = [20, 60];
    await startNode();
    await startNode();
    const fn = await scene.addFunction('f');
    const ids: string[] = [];
    for (let n = 0; n < schedules; n += 1) ids.push((await addSchedule(fn)).id);
    for (const id of ids) await until('a next tick', isTicked(id));
    for (let round = 1; round <= rounds; round += 1) {
      await makeDue(ids, 0);
      await until('all ticked', async () => (await runs()).length >= round * schedules);
      for (const id of ids) await until('a next tick', isTicked(id));
    }
    const perTrigger = Object.groupBy(await runs(), (run) => run.trigger_id);
    for (const id of ids) assert.equal(perTrigger[id]?.length, rounds);
  });

  for (const [catchUp, days] of [
    [{ policy: 'skip' }, []],
    [{ policy: 'once' }, [1]],
    [{ policy: 'all', limit: 2 }, [2, 1]],
    [{ policy: 'all', limit: 9 }, [3, 2, 1]],
  ] as const) {
    test(`after three days of downtime, ${JSON.stringify(catchUp)} runs ${days.length} ticks`, async () => {
      const soon = new Date(Date.now() + 3_600_000).toISOString();
      const cron = `${Number(soon.slice(14, 16))} ${Number(soon.slice(11, 13))} * * *`;
      const { id } = await addSchedule(await scene.addFunction('f'), { cron, catch_up: catchUp });
      const tickAt = (daysAgo: number): string =>
        new Date(Date.parse(`${soon.slice(0, 16)}Z`) - daysAgo * DAY_MS).toISOString();
      await scene.database.query('update triggers set next_tick_at = $2 where id = $1', [id, tickAt(3)]);
      await startNode();
      await until('a next tick', isTicked(id));
      assert.deepEqual(
        (await runs(id)).map((run) => run.scheduledAt),
        days.map(tickAt),
      );
    });
  }

  test('overlap skip drops a tick while an earlier run isn’t over', async () => {
    await startNode();
    const { id } = await addSchedule(await scene.addFunction('f'), { overlap: 'skip' });
    await makeDue([id], 0);
    await until('a run', async () => (await runs(id)).length === 1);
    await makeDue([id], 0);
    await until('a next tick', isTicked(id));
    assert.equal((await runs(id)).length, 1);
    await scene.database.query("update runs set status = 'failed' where trigger_id = $1", [id]);
    await makeDue([id], 0);
    await until('another run', async () => (await runs(id)).length === 2);
  });

  test('overlap queue_one lets one tick wait for the end of the run before it', async () => {
    await startNode();
    const { id } = await addSchedule(await scene.addFunction('f'), {
      overlap: 'queue_one',
    });
    for (const _ of ['runs', 'waits', 'is dropped']) {
      await until('a next tick', isTicked(id));
      await makeDue([id], 0);
    }
    await until('a next tick', isTicked(id));
    assert.equal((await runs(id)).length, 1);
    await scene.database.transaction(async (sql) => {
      await sql.query("update runs set status = 'succeeded' where trigger_id = $1", [id]);
      await publishEndedRuns(sql, [id]);
    });
    await until('the waiting run', async () => (await runs(id)).length === 2);
    const [row] = await scene.database.query<{ waiting_tick_at: Date | null }>(
      'select waiting_tick_at from triggers where id = $1',
      [id],
    );
    assert.equal(row?.waiting_tick_at, null);
  });

  test('ticks of a disabled function pass, those of a paused one are accepted and held', async () => {
    await startNode();
    const [off, paused] = [await scene.addFunction('off'), await scene.addFunction('paused')];
    await scene.database.query("update functions set enabled = false where id = 'off'");
    await scene.database.query("update functions set paused_at = now() where id = 'paused'");
    const ids = [(await addSchedule(off)).id, (await addSchedule(paused)).id] as const;
    await makeDue(ids, 0);
    for (const id of ids) await until('a next tick', isTicked(id));
    assert.deepEqual(
      (await scene.runs()).map((run) => [run.function_id, run.is_held]),
      [['paused', true]],
    );
  });

  test('a paused schedule doesn’t tick, and makes up for it by its catch-up policy; a disabled one begins anew', async () => {
    await startNode();
    const fn = await scene.addFunction('f');
    const [paused, off, witness] = [await addSchedule(fn), await addSchedule(fn), await addSchedule(fn)];
    const editing = scene.editing();
    for (const { id } of [paused, off, witness]) await until('a next tick', isTicked(id));
    await editing.pause(LIVE, paused.id);
    await editing.change(LIVE, off.id, () => ({ enabled: false }));
    const ids = [paused.id, off.id, witness.id];
    await makeDue(ids, 2 * DAY_MS);
    await until('the witness', async () => (await runs(witness.id)).length === 1);
    assert.equal((await runs()).length, 1);
    await editing.resume(LIVE, paused.id);
    await editing.change(LIVE, off.id, () => ({ enabled: true }));
    for (const id of ids) await until('a next tick', isTicked(id));
    assert.equal((await runs(paused.id)).length, 1);
    assert.equal((await runs(off.id)).length, 0);
  });

  test('a schedule whose timetable is changed follows the new one', async () => {
    await startNode();
    const { id, settings } = await addSchedule(await scene.addFunction('f'));
    await until('a next tick', isTicked(id));
    const changed = { ...(settings as { cron: string }), cron: '30 9 * * *', timeZone: 'UTC' };
    await scene.editing().change(LIVE, id, () => ({ settings: changed as never, nextTickAt: null }));
    await until('the new tick', async () => (await nextTickOf(id))?.toISOString().slice(11, 16) === '09:30');
  });

  test('one account whose queue is full, and one broken schedule, keep no other from ticking', async () => {
    const full = await addSchedule(await scene.addFunction('full'));
    const broken = await addSchedule(await scene.addFunction('broken'));
    const other = await addSchedule(await scene.addFunction('other', OTHER), {}, OTHER);
    await scene.database.query(`update accounts set queued_runs = 0 where id = $1`, [LIVE.accountId]);
    await scene.database.query(`update triggers set settings = settings || '{"cron":"no"}' where id = $1`, [
      broken.id,
    ]);
    await makeDue([full.id, broken.id, other.id], 0);
    await startNode();
    await until('the other', async () => (await runs(other.id)).length === 1);
    assert.equal((await runs()).length, 1);
    assert.ok(((await nextTickOf(full.id))?.getTime() ?? 0) <= Date.now());
    await scene.database.query(`update accounts set queued_runs = null where id = $1`, [LIVE.accountId]);
    await until('the one whose queue was full', async () => (await runs(full.id)).length === 1);
  });

  test('the clock of the node doesn’t matter', async (context) => {
    const real = Date.now;
    const ahead = context.mock.method(Date, 'now', () => real() + 40 * DAY_MS);
    await startNode();
    const { id } = await addSchedule(await scene.addFunction('f'));
    await until('a next tick', async () => (await nextTickOf(id)) !== null);
    ahead.mock.restore();
    const next = (await nextTickOf(id))?.getTime() ?? 0;
    assert.ok(next > Date.now() && next <= Date.now() + DAY_MS);
    assert.equal((await runs()).length, 0);
  });

  test('a thousand schedules due in the same instant are accepted in a few transactions', async (context) => {
    await startNode();
    await addSchedule(await scene.addFunction('f'));
    await scene.database.query(
      `insert into triggers (id, account_id, mode, function_id, kind, settings)
       select id || n, account_id, mode, function_id, kind, settings from triggers, generate_series(1, 999) n`,
    );
    await until('next ticks', async () => {
      const [row] = await scene.database.query<{ n: number }>(
        'select count(*) as n from triggers where next_tick_at > now()',
      );
      return row?.n === 1000;
    });
    const ids = (await scene.database.query<{ id: string }>('select id from triggers')).map(({ id }) => id);
    await makeDue(ids, 0);
    const dueAt = performance.now();
    await until('all runs', async () => (await scene.count('runs')) >= 1000);
    // How late they may be is measured on a quiet machine: bench/durable.ts.
    context.diagnostic(`1,000 runs ${Math.round(performance.now() - dueAt)} ms after they were due`);
    const transactions = await scene.database.query('select distinct xmin::text from runs');
    // Full ones of 250; two that go on at once share what is left.
    assert.ok(transactions.length <= 5, `${transactions.length} transactions`);
    assert.equal(await scene.count('runs'), 1000);
  });
});
