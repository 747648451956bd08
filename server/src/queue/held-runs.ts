// Looks for queued runs that are held although nothing is paused any more, and releases them. A background
// service of every node; several at a time share the work.
import type { Logger } from 'pino';
import { type Rounds, startRounds, sweepInBatches } from '../clock/rounds.ts';
import type { Sql } from '../postgres/database.ts';
import { releaseForgottenRuns } from './function-pause-store.ts';

const BATCH_RUNS = 1_000;

export type HeldRunsParts = { sql: Sql; everyMs: number; wake(): void; log: Logger };

export function watchHeldRuns({ sql, everyMs, wake, log }: HeldRunsParts): Rounds {
  const release = async (batch: number): Promise<number> => {
    const released = await releaseForgottenRuns(sql, batch);
    if (released > 0) wake();
    return released;
  };
  return startRounds({
    everyMs,
    round: (stopping) => sweepInBatches(release, BATCH_RUNS, stopping),
    onError: (error) => log.warn({ err: error }, 'held runs could not be looked for'),
  });
}
