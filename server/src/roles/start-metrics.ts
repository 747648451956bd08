// Starts what makes numbers of runs last, and Millrace's own API of them. What counts is a part of the
// execution: open-execution.ts.
import { metricEndpoints } from '../api/metric-endpoints.ts';
import type { ApiEndpoint } from '../api/millrace-api.ts';
import { systemClock } from '../clock/clock.ts';
import { HOURLY_MS, startRounds, sweepInBatches } from '../clock/rounds.ts';
import { startMetricsFolder } from '../metrics/metrics-folder.ts';
import { startUsageReports } from '../metrics/report-usage.ts';
import { deleteOldStarts } from '../runs/run-start-store.ts';
import type { Platform } from './platform.ts';

const BATCH_ROWS = 5_000;

type Parts = Pick<Platform, 'config' | 'database' | 'log' | 'endings' | 'recorder' | 'publishOwn'>;

export function startMetrics({ config, database, log, endings, recorder, publishOwn }: Parts): ApiEndpoint[] {
  const { minuteMetricsDays: minute, hourMetricsDays: hour, dayMetricsDays: day } = config.limits;
  const folder = startMetricsFolder({ database, keptDays: { minute, hour, day }, log });
  endings.push(() => folder.stop());
  const sweeping = startRounds({
    everyMs: HOURLY_MS,
    round: (stopping) =>
      sweepInBatches(
        (batch) => deleteOldStarts(database, config.limits.runRetentionDays, batch),
        BATCH_ROWS,
        stopping,
      ),
    onError: (error) => log.warn({ err: error }, 'old starts of runs could not be deleted'),
  });
  endings.push(() => sweeping.stop());
  if (config.roles.includes('scheduler')) {
    const reports = startUsageReports({ database, publishOwn, log });
    endings.push(() => reports.stop());
  }
  return metricEndpoints({ sql: database, recorder, clock: systemClock });
}
