// Deletes runs that are older than the retention, a batch at a time, once an hour. A background service: one sweep at once.
import type { Logger } from 'pino';
import type { Sql } from '../postgres/database.ts';
import { deleteOldRuns } from './run-store.ts';

const EVERY_MS = 3_600_000;
const BATCH_RUNS = 5_000;

export type RunSweeper = { stop(): Promise<unknown> };

export function startRunSweeper(parts: { sql: Sql; retentionDays: number; log: Logger }): RunSweeper {
  const stopping = new AbortController();
  let sweeping: Promise<unknown> = Promise.resolve();
  const sweep = (): void => {
    sweeping = sweeping
      .then(() => sweepAll(parts.sql, parts.retentionDays, stopping.signal))
      .catch((error: unknown) => parts.log.error({ err: error }, 'old runs could not be deleted'));
  };
  const timer = setInterval(sweep, EVERY_MS);
  sweep();
  return {
    stop: () => {
      clearInterval(timer);
      stopping.abort();
      return sweeping;
    },
  };
}

/** @returns how many runs were deleted */
export async function sweepAll(sql: Sql, retentionDays: number, stopping: AbortSignal): Promise<number> {
  let total = 0;
  while (!stopping.aborted) {
    const deleted = await deleteOldRuns(sql, retentionDays, BATCH_RUNS);
    total += deleted;
    if (deleted < BATCH_RUNS) break;
  }
  return total;
}
