// Keeps the days of the history: makes their partitions ahead, drops those whose time is over, whole, and
// clears the default partitions. What runs were given and returned, and what they printed, may go sooner than
// they do. A background service of every node; each step is one node's. Never deletes a run that waits or
// goes on. Built by roles/open-execution.ts.
import type { Logger } from 'pino';
import { type Rounds, startRounds, sweepInBatches } from '../clock/rounds.ts';
import type { Database } from '../postgres/database.ts';
import {
  DAILY_TABLES,
  type DailyTable,
  databaseDay,
  deleteFromDefault,
  dropDay,
  listDays,
  makeDay,
  mayDropDays,
} from './history-days-store.ts';
import { DAY_MS, type Day } from './run-time.ts';

/** Days that each table's rows are kept. */
export type HistoryDays = Readonly<Record<DailyTable, number>>;

export type HistoryKeeperParts = { database: Database; keptDays: HistoryDays; log: Logger };

/** Clocks that differ, and one that jumps, find a day for what they write. */
const DAYS_AHEAD = 7;
const ROUND_MS = 60_000;
/** Days of one table that go at a time, and how long until the next. */
const MOST_DROPPED = 4;
const DROP_EVERY_MINUTES = 50;
const BATCH_ROWS = 5_000;

export function startHistoryKeeper(parts: HistoryKeeperParts): Rounds {
  return startRounds({
    everyMs: ROUND_MS,
    round: async (stopping) => {
      await makeDays(parts);
      await dropDays(parts, stopping);
    },
    onError: (error) => parts.log.warn({ err: error }, 'days of the history could not be kept: trying again'),
  });
}

/** Makes those that are missing, from yesterday on. */
export async function makeDays({ database, log }: Omit<HistoryKeeperParts, 'keptDays'>): Promise<void> {
  const { day: today } = await databaseDay(database);
  for (const table of DAILY_TABLES) {
    const there = new Set(await listDays(database, table));
    for (let day = today - 1; day <= today + DAYS_AHEAD; day += 1) {
      if (there.has(day)) continue;
      if (!(await makeDay(database, table, day))) {
        log.warn(
          { table, day },
          'a day of the history stays in the default partition: too much of it is there',
        );
      }
    }
  }
}

/** Drops a few of those whose time is over, if it is time. */
export async function dropDays(parts: HistoryKeeperParts, stopping: AbortSignal): Promise<void> {
  const { database, keptDays, log } = parts;
  if (!(await mayDropDays(database, DROP_EVERY_MINUTES))) return;
  const { nowMs } = await databaseDay(database);
  for (const table of DAILY_TABLES) {
    const untilMs = nowMs - keptDays[table] * DAY_MS;
    const over = overDays(await listDays(database, table), untilMs);
    for (const day of over.slice(0, MOST_DROPPED)) {
      if (stopping.aborted) return;
      await dropDay(database, table, day);
      log.info(
        { table, day: new Date(day * DAY_MS).toISOString().slice(0, 10) },
        'a day of the history is over',
      );
    }
    await sweepInBatches((most) => deleteFromDefault(database, table, untilMs, most), BATCH_ROWS, stopping);
  }
}

/** The days that end before a time, oldest first. Pure. */
export function overDays(days: readonly Day[], untilMs: number): Day[] {
  return days.filter((day) => (day + 1) * DAY_MS <= untilMs).sort((one, other) => one - other);
}
