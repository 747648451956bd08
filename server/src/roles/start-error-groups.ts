// Starts what makes counts of errors last, and Millrace's own API of groups of errors. What groups them is a
// part of the execution: open-execution.ts.
import { errorGroupEndpoints } from '../api/error-group-endpoints.ts';
import type { ApiEndpoint } from '../api/millrace-api.ts';
import { systemClock } from '../clock/clock.ts';
import { HOURLY_MS, startRounds, sweepInBatches } from '../clock/rounds.ts';
import { deleteOldErrors, foldErrors } from '../error-groups/group-store.ts';
import type { Platform } from './platform.ts';

const FOLD_EVERY_MS = 10_000;
const BATCH_ROWS = 5_000;

type Parts = Pick<Platform, 'config' | 'database' | 'log' | 'endings' | 'recorder'>;

export function startErrorGroups({ config, database, log, endings, recorder }: Parts): ApiEndpoint[] {
  const { runRetentionDays: runDays, hourMetricsDays: hourDays } = config.limits;
  const folding = startRounds({
    everyMs: FOLD_EVERY_MS,
    round: (stopping) => sweepInBatches((batch) => foldErrors(database, batch), BATCH_ROWS, stopping),
    onError: (error) => log.warn({ err: error }, 'counts of errors could not be folded'),
  });
  const sweeping = startRounds({
    everyMs: HOURLY_MS,
    round: (stopping) =>
      sweepInBatches(
        (batch) => deleteOldErrors(database, { runDays, hourDays }, batch),
        BATCH_ROWS,
        stopping,
      ),
    onError: (error) => log.warn({ err: error }, 'old groups of errors could not be deleted'),
  });
  endings.push(() => Promise.all([folding.stop(), sweeping.stop()]));
  return errorGroupEndpoints({ sql: database, recorder, clock: systemClock });
}
