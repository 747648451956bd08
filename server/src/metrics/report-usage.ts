// Publishes `usage.daily`: what an account used on a day, once the day is over, once over all nodes, in the
// transaction that notes that it is. A day that passed while no node ran is made up for. Started by roles/.

import type { Logger } from 'pino';
import { type Rounds, startRounds } from '../clock/rounds.ts';
import type { PublishOwn } from '../events/own-events.ts';
import { tryLockWhole } from '../postgres/advisory-locks.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { readUsage, type UsageDay } from './metric-store.ts';
import { OUTCOMES } from './tally-runs.ts';
import { deleteOldReports, takeUnreported, type Unreported } from './usage-report-store.ts';

export type UsageReportParts = { database: Database; publishOwn: PublishOwn; log: Logger };

const LOOK_EVERY_MS = 60_000;
const BATCH_DAYS = 100;
const DAY_MS = 86_400_000;

export function startUsageReports(parts: UsageReportParts): Rounds {
  return startRounds({
    everyMs: LOOK_EVERY_MS,
    round: async (stopping) => {
      for (let taken = BATCH_DAYS; taken === BATCH_DAYS && !stopping.aborted; )
        taken = await reportUsage(parts);
      await deleteOldReports(parts.database);
    },
    onError: (error) => parts.log.warn({ err: error }, 'usage.daily could not be published'),
  });
}

/** @returns how many days of accounts were taken in hand, at most a batch */
export async function reportUsage({ database, publishOwn }: Omit<UsageReportParts, 'log'>): Promise<number> {
  return await database.transaction(async (sql) => {
    if (!(await tryLockWhole(sql, 'usage_reports'))) return 0;
    const days = await takeUnreported(sql, BATCH_DAYS);
    for (const unreported of days) await publish(sql, publishOwn, unreported);
    return days.length;
  });
}

async function publish(
  sql: Sql,
  publishOwn: PublishOwn,
  { accountId, mode, day }: Unreported,
): Promise<void> {
  const page = { from: day, to: new Date(day.getTime() + DAY_MS), after: null, limit: 1 };
  const [used] = await readUsage(sql, { accountId, mode }, page);
  if (used === undefined) return;
  const event = { type: 'usage.daily', itemId: accountId, data: dataOf(used), causeEventId: null } as const;
  await publishOwn(sql, { accountId, mode }, [event]);
}

function dataOf({ day, mode, numbers }: UsageDay): Record<string, string | number> {
  const runs = OUTCOMES.reduce((sum, outcome) => sum + numbers[outcome], 0);
  return {
    date: day.toISOString().slice(0, 10),
    ...{ mode, runs, failed_runs: runs - numbers.succeeded - numbers.cancelled, attempts: numbers.attempts },
    ...{ execution_seconds: numbers.execution_us / 1e6, gb_seconds: numbers.mb_ms / 1024 / 1000 },
    ...{ bytes_in: numbers.bytes_in, bytes_out: numbers.bytes_out },
  };
}
