// Deletes runs that are older than the retention, and of those that stay the inputs and results once they are
// old enough: a batch at a time, once an hour. A background service: one sweep at once.
import type { Logger } from 'pino';
import { HOURLY_MS, type Rounds, startRounds, sweepInBatches } from '../clock/rounds.ts';
import type { Sql } from '../postgres/database.ts';
import { deleteOldRuns, forgetOldContents } from './old-run-store.ts';

const BATCH_RUNS = 5_000;

export type RunSweeperParts = {
  sql: Sql;
  runRetentionDays: number;
  /** Of inputs and results. */
  inputRetentionDays: number;
  log: Logger;
};

export function startRunSweeper(parts: RunSweeperParts): Rounds {
  let swept: string | null = null;
  return startRounds({
    everyMs: HOURLY_MS,
    round: async (stopping) => {
      await sweepAll(parts.sql, parts.runRetentionDays, stopping);
      swept = await forgetAll(parts, swept, stopping);
    },
    onError: (error) => parts.log.error({ err: error }, 'old runs could not be deleted'),
  });
}

/** @returns how many runs were deleted */
export function sweepAll(sql: Sql, retentionDays: number, stopping: AbortSignal): Promise<number> {
  return sweepInBatches((batch) => deleteOldRuns(sql, retentionDays, batch), BATCH_RUNS, stopping);
}

/** @param after the id up to which all are forgotten already. @returns it, as it is now */
async function forgetAll(
  { sql, inputRetentionDays }: RunSweeperParts,
  after: string | null,
  stopping: AbortSignal,
): Promise<string | null> {
  let last = after;
  while (!stopping.aborted) {
    const forgotten = await forgetOldContents(
      sql,
      { retentionDays: inputRetentionDays, after: last },
      BATCH_RUNS,
    );
    last = forgotten.last ?? last;
    if (forgotten.runs < BATCH_RUNS) break;
  }
  return last;
}
