// What the API shows of numbers, and of usage: as JSON, and as CSV for those who bill by it. Pure.
import { z } from 'zod';
import { inMs } from '../clock/in-ms.ts';
import { percentile } from '../metrics/duration-buckets.ts';
import type { Grouping, MetricPoint, UsageDay } from '../metrics/metric-store.ts';
import { type Numbers, OUTCOMES } from '../metrics/tally-runs.ts';

const count = z.int();
const runsSchema = z.object({
  total: count,
  ...Object.fromEntries(OUTCOMES.map((outcome) => [outcome, count])),
});

const pointSchema = z.object({
  at: z.iso.datetime().describe('when the step begins'),
  function_id: z.string().optional(),
  trigger: z.string().optional(),
  runs: runsSchema.describe('that ended, by how'),
  duration_ms: z
    .object({ mean: z.number(), p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() })
    .nullable()
    .describe("of the last attempts of runs that ended: the handler's own time; percentiles are within 2 %"),
  wait_ms: z
    .object({ mean: z.number(), max: z.number() })
    .nullable()
    .describe('from when a run might begin until it began'),
  attempts: count,
  cold_starts: count.describe('attempts that were the first in their sandbox'),
  init_ms: z.number().nullable().describe('of those, on average: starting the sandbox, loading the code'),
  execution_seconds: z.number().describe('of all attempts'),
  gb_seconds: z.number().describe('the same, times the memory that the function has'),
  memory_peak_bytes: count.nullable(),
  bytes_in: count.describe('events that attempts got, as JSON'),
  bytes_out: count.describe('what attempts returned, as JSON'),
});

export const metricsSchema = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  step: z.string(),
  data: z.array(pointSchema).describe('steps in which something ended'),
});

const usageFields = {
  date: z.iso.date(),
  mode: z.enum(['live', 'test']),
  runs: count,
  failed_runs: count.describe('those that did not succeed and were not cancelled'),
  attempts: count,
  cold_starts: count,
  execution_seconds: z.number(),
  gb_seconds: z.number(),
  bytes_in: count,
  bytes_out: count,
};
export const usageSchema = z.object({ account_id: z.string(), ...usageFields });

export function pointView(point: MetricPoint, groupBy: Grouping): z.input<typeof pointSchema> {
  const { numbers, buckets } = point;
  const taken = [...buckets.values()].reduce((sum, n) => sum + n, 0);
  const at = (share: number): number => inMs(percentile(buckets, share) ?? 0);
  return {
    at: point.at.toISOString(),
    ...(groupBy === 'function' ? { function_id: point.group } : {}),
    ...(groupBy === 'trigger' ? { trigger: point.group } : {}),
    runs: { total: totalOf(numbers), ...Object.fromEntries(OUTCOMES.map((name) => [name, numbers[name]])) },
    duration_ms:
      taken === 0
        ? null
        : {
            ...{ mean: msOf(numbers.duration_us / taken), p50: at(0.5), p95: at(0.95), p99: at(0.99) },
            max: msOf(numbers.duration_max_us),
          },
    wait_ms:
      numbers.waits === 0
        ? null
        : { mean: msOf(numbers.wait_us / numbers.waits), max: msOf(numbers.wait_max_us) },
    attempts: numbers.attempts,
    cold_starts: numbers.cold_starts,
    init_ms: numbers.cold_starts === 0 ? null : msOf(numbers.init_us / numbers.cold_starts),
    ...secondsOf(numbers),
    memory_peak_bytes: numbers.memory_peak_bytes === 0 ? null : numbers.memory_peak_bytes,
    bytes_in: numbers.bytes_in,
    bytes_out: numbers.bytes_out,
  };
}

export type UsageView = z.input<typeof usageSchema>;

export function usageView({ accountId, mode, day, numbers }: UsageDay): UsageView {
  const runs = totalOf(numbers);
  return {
    account_id: accountId,
    date: day.toISOString().slice(0, 10),
    mode,
    runs,
    failed_runs: runs - numbers.succeeded - numbers.cancelled,
    attempts: numbers.attempts,
    cold_starts: numbers.cold_starts,
    ...secondsOf(numbers),
    bytes_in: numbers.bytes_in,
    bytes_out: numbers.bytes_out,
  };
}

/** RFC 4180, with a line of names. None of the values needs quoting: ids, days and numbers. */
export function usageCsv(days: readonly UsageView[]): string {
  const names = ['account_id', ...Object.keys(usageFields)] as (keyof UsageView)[];
  const lines = days.map((day) => names.map((name) => String(day[name])).join(','));
  return [names.join(','), ...lines, ''].join('\r\n');
}

function totalOf(numbers: Numbers): number {
  return OUTCOMES.reduce((sum, outcome) => sum + numbers[outcome], 0);
}

function secondsOf(numbers: Numbers): { execution_seconds: number; gb_seconds: number } {
  return {
    execution_seconds: rounded(numbers.execution_us / 1e6),
    gb_seconds: rounded(numbers.mb_ms / 1024 / 1000),
  };
}

function msOf(us: number): number {
  return inMs(us / 1000);
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
