// Ticks queries on time, on every node that has the role: a tick's execution and the query's next tick are
// written in one transaction, under the query's lock, so that each tick is one node's and none is lost. What
// was missed runs once. Built by roles/start-queries.ts.
import type { Logger } from 'pino';
import { startWakefulLoop, type WakefulLoop } from '../../clock/wakeful-loop.ts';
import type { Timetable } from '../../cron/timetable.ts';
import type { Timetables } from '../../cron/timetable-cache.ts';
import type { Database, Sql } from '../../postgres/database.ts';
import { tick } from '../../schedules/due-ticks.ts';
import { insertExecutions } from './execution-store.ts';
import type { Frequency } from './query.ts';
import { type DueQuery, lockDueQueries, msUntilQuery, writeNextTicks } from './query-store.ts';

type Parts = {
  database: Database;
  timetables: Timetables;
  newExecutionId(nowMs: number): string;
  log: Logger;
};

const BATCH = 100;
const LONGEST_SLEEP_MS = 5_000;
const OTHERS_PAUSE_MS = 50;
const AFTER_ERROR_MS = 1_000;
const ONCE = { catchUp: { policy: 'once' }, overlap: 'allow' } as const;

export function startQueryTicker(parts: Parts): WakefulLoop {
  return startWakefulLoop({
    look: async (isStopped) => {
      while (!isStopped()) {
        const ticked = await parts.database.transaction((sql) => tickDue(parts, sql));
        if (ticked < BATCH) break;
      }
      const untilMs = (await msUntilQuery(parts.database)) ?? LONGEST_SLEEP_MS;
      return Math.min(LONGEST_SLEEP_MS, Math.max(OTHERS_PAUSE_MS, untilMs));
    },
    onError: (error) => parts.log.error({ err: error }, 'queries could not be ticked: trying again'),
    retryAfterMs: AFTER_ERROR_MS,
  });
}

/** @returns how many were due */
export async function tickDue(parts: Omit<Parts, 'log'>, sql: Sql): Promise<number> {
  const due = await lockDueQueries(sql, BATCH);
  const decided = due.map((query) => ({ query, ...decide(parts.timetables, query) }));
  await insertExecutions(
    sql,
    decided.flatMap(({ query, ticks }) =>
      ticks.map((at) => ({
        ...{ accountId: query.accountId, mode: query.mode, queryId: query.id, cause: 'frequency' as const },
        ...{ id: parts.newExecutionId(query.now.getTime()), at: new Date(at) },
      })),
    ),
  );
  await writeNextTicks(
    sql,
    decided.map(({ query: { accountId, id }, nextAt }) => ({ accountId, id, nextAt })),
  );
  return due.length;
}

function decide(timetables: Timetables, query: DueQuery): { ticks: number[]; nextAt: Date | null } {
  if (query.frequency === null || query.nextAt === null) return { ticks: [], nextAt: null };
  const state = { settings: ONCE, nextTickMs: query.nextAt.getTime(), waitingTickMs: null, isBusy: false };
  const timetable = timetableOfFrequency(timetables, query.frequency);
  const { runs, nextTickMs } = tick(state, timetable, query.now.getTime());
  return { ticks: runs, nextAt: nextTickMs === null ? null : new Date(nextTickMs) };
}

/** `every_s` counts from the beginning of 1970: every 3600 s is on the hour. */
export function timetableOfFrequency(timetables: Timetables, frequency: Frequency): Timetable {
  if ('cron' in frequency) return timetables.of(frequency);
  const everyMs = frequency.everyS * 1000;
  return { after: (instantMs) => (Math.floor(instantMs / everyMs) + 1) * everyMs };
}
