// Folds the counts of runs every few seconds, and deletes numbers that are older than they are kept.
// Background services of every node; one at a time over all of them does the folding. Started by roles/.
import type { Logger } from 'pino';
import { HOURLY_MS, type Rounds, startRounds, sweepInBatches } from '../clock/rounds.ts';
import type { Database } from '../postgres/database.ts';
import { deleteOldMetrics, foldCounts, GRAINS, type Grain } from './fold-store.ts';

const FOLD_EVERY_MS = 10_000;
const BATCH_ROWS = 5_000;

export type MetricsFolderParts = {
  database: Database;
  /** How long numbers of a minute, an hour and a day are kept. */
  keptDays: Record<Grain, number>;
  log: Logger;
};

export function startMetricsFolder({ database, keptDays, log }: MetricsFolderParts): Rounds {
  const folding = startRounds({
    everyMs: FOLD_EVERY_MS,
    round: (stopping) => sweepInBatches((batch) => foldCounts(database, batch), BATCH_ROWS, stopping),
    onError: (error) => log.warn({ err: error }, 'numbers of runs could not be folded'),
  });
  const sweeping = startRounds({
    everyMs: HOURLY_MS,
    round: async (stopping) => {
      for (const grain of GRAINS) {
        const old = { grain, keptDays: keptDays[grain] };
        await sweepInBatches((batch) => deleteOldMetrics(database, old, batch), BATCH_ROWS, stopping);
      }
    },
    onError: (error) => log.warn({ err: error }, 'old numbers of runs could not be deleted'),
  });
  return { stop: () => Promise.all([folding.stop(), sweeping.stop()]) };
}
