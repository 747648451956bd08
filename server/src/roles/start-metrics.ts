// Starts what makes numbers of runs last, and Millrace's own API of them. What counts is a part of the
// execution: open-execution.ts.
import { metricEndpoints } from '../api/metric-endpoints.ts';
import type { ApiEndpoint } from '../api/millrace-api.ts';
import { systemClock } from '../clock/clock.ts';
import { startMetricsFolder } from '../metrics/metrics-folder.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<Platform, 'config' | 'database' | 'log' | 'endings' | 'recorder'>;

export function startMetrics({ config, database, log, endings, recorder }: Parts): ApiEndpoint[] {
  const { minuteMetricsDays: minute, hourMetricsDays: hour, dayMetricsDays: day } = config.limits;
  const folder = startMetricsFolder({ database, keptDays: { minute, hour, day }, log });
  endings.push(() => folder.stop());
  return metricEndpoints({ sql: database, recorder, clock: systemClock });
}
