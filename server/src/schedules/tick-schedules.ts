// One pass over the schedules that are due: their ticks become queued runs and they get their next tick, in
// one transaction. A power cut leaves either both or neither. Called by scheduler.ts.
import type { Timetables } from '../cron/timetable-cache.ts';
import { newRunId } from '../ids/ids.ts';
import type { Database, Sql } from '../postgres/database.ts';
import type { NewRun } from '../queue/new-run.ts';
import type { RunQueue } from '../queue/run-queue.ts';
import { tick } from './due-ticks.ts';
import {
  type DueSchedule,
  lockDueSchedules,
  lockReadySchedules,
  type TickedSchedule,
  writeTicks,
} from './schedule-store.ts';

export type TickParts = {
  database: Pick<Database, 'transaction'>;
  queue: RunQueue;
  timetables: Timetables;
  /** Schedules of one transaction. */
  batch: number;
};

export type Pass = {
  /** Runs that were accepted. */
  runs: number;
  /** More may be due. */
  isFull: boolean;
  /** Schedules that could not tick now, each with the reason. They stay due. */
  refused: { id: string; error: unknown }[];
};

type Decided = { schedule: DueSchedule; runs: NewRun[]; ticked: TickedSchedule };

/** @param except ids of schedules to be left alone */
export async function tickSchedules(parts: TickParts, except: readonly string[]): Promise<Pass> {
  const pass = await parts.database.transaction(async (sql) => {
    const due = await lockDueSchedules(sql, except, parts.batch);
    const isFull = due.length === parts.batch;
    if (!isFull) {
      const locked = new Set(due.map(({ id }) => id));
      const ready = await lockReadySchedules(sql, [...except, ...locked], parts.batch);
      due.push(...ready);
    }
    return due.length === 0
      ? { runs: 0, isFull, refused: [] }
      : { isFull, ...(await tickAll(parts, sql, due)) };
  });
  if (pass.runs > 0) parts.queue.wake();
  return pass;
}

async function tickAll(
  { queue, timetables }: TickParts,
  sql: Sql,
  due: readonly DueSchedule[],
): Promise<Pick<Pass, 'runs' | 'refused'>> {
  const refused: Pass['refused'] = [];
  const decided: Decided[] = [];
  for (const schedule of due) {
    try {
      decided.push(decide(schedule, timetables));
    } catch (error) {
      refused.push({ id: schedule.id, error });
    }
  }
  let runs = 0;
  // Together; and where that fails, account by account: one whose queue is full is no other's affair.
  for (const group of (await isAccepted(queue, sql, decided)) ? [] : byAccount(decided)) {
    const refusal = await accept(queue, sql, group);
    if (refusal === null) continue;
    for (const one of group) decided.splice(decided.indexOf(one), 1);
    refused.push(...group.map(({ schedule }) => ({ id: schedule.id, ...refusal })));
  }
  for (const one of decided) runs += one.runs.length;
  await writeTicks(
    sql,
    decided.map(({ ticked }) => ticked),
  );
  return { runs, refused };
}

async function isAccepted(queue: RunQueue, sql: Sql, decided: readonly Decided[]): Promise<boolean> {
  return (await accept(queue, sql, decided)) === null;
}

/**
 * @returns why the runs were refused, as an `error`; null: they are taken. @throws where the connection is
 * lost
 */
async function accept(
  queue: RunQueue,
  sql: Sql,
  decided: readonly Decided[],
): Promise<{ error: unknown } | null> {
  const runs = decided.flatMap((one) => one.runs);
  if (runs.length === 0) return null;
  await sql.query('savepoint ticks');
  try {
    await queue.enqueue(sql, runs);
    await sql.query('release savepoint ticks');
    return null;
  } catch (error) {
    await sql.query('rollback to savepoint ticks');
    return { error };
  }
}

function byAccount(decided: readonly Decided[]): Decided[][] {
  return Object.values(Object.groupBy(decided, ({ schedule }) => schedule.account_id)).map(
    (group) => group ?? [],
  );
}

function decide(schedule: DueSchedule, timetables: Timetables): Decided {
  const { id, settings, now } = schedule;
  const ticking = tick(
    {
      settings,
      nextTickMs: schedule.next_tick_at?.getTime() ?? null,
      waitingTickMs: schedule.waiting_tick_at?.getTime() ?? null,
      isBusy: schedule.is_busy,
    },
    timetables.of(settings),
    now.getTime(),
  );
  const { nextTickMs, waitingTickMs } = ticking;
  const runs = schedule.is_runnable ? ticking.runs.map((at) => newTickRun(schedule, at)) : [];
  return {
    schedule,
    runs,
    ticked: { id, nextTickMs, waitingTickMs: schedule.is_runnable ? waitingTickMs : null },
  };
}

function newTickRun(schedule: DueSchedule, tickMs: number): NewRun {
  const { cron, timeZone: time_zone } = schedule.settings;
  const scheduled_at = new Date(tickMs).toISOString();
  const facts = { scheduled_at, cron, time_zone };
  return {
    id: newRunId(schedule.now.getTime()),
    accountId: schedule.account_id,
    mode: schedule.mode,
    functionId: schedule.function_id,
    input: {
      trigger: 'schedule',
      source: { id: schedule.function_id, name: schedule.function_name, facts },
      data: facts,
    },
    cause: { schedule: schedule.name ?? schedule.function_name, ...facts },
    triggerId: schedule.id,
    eventId: null,
    due: { at: new Date(tickMs) },
    version: null,
    replayOf: null,
  };
}
