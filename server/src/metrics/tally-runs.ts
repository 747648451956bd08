// What a batch of written runs adds to the numbers: one tally for each minute, function and trigger in it.
// Pure. Called by count-store.ts.
import { hasEnded, type WrittenRun } from '../runs/run-watch.ts';
import { bucketOf } from './duration-buckets.ts';

/** What a run ends as, as it is counted. */
export const OUTCOMES = [
  'succeeded',
  'failed',
  'timed_out',
  'out_of_memory',
  'crashed',
  'cancelled',
  'dead',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What is added up; and of what the highest is kept. Columns of run_counts and run_metrics. */
export const SUMS = [
  ...OUTCOMES,
  'duration_us',
  'waits',
  'wait_us',
  'attempts',
  'cold_starts',
  'init_us',
  'execution_us',
  'mb_ms',
  'bytes_in',
  'bytes_out',
] as const;
export const PEAKS = ['duration_max_us', 'wait_max_us', 'memory_peak_bytes'] as const;

export type Numbers = Record<(typeof SUMS)[number] | (typeof PEAKS)[number], number>;
export type Tally = Numbers & {
  at: string;
  account_id: string;
  mode: string;
  function_id: string;
  trigger: string;
  buckets: number[];
  bucket_counts: number[];
};

const MINUTE_MS = 60_000;

export function tallyRuns(written: readonly WrittenRun[]): Tally[] {
  const tallies = new Map<string, { tally: Tally; buckets: Map<number, number> }>();
  for (const one of written) {
    const atMs = countedAtMs(one);
    if (atMs === null) continue;
    const { accountId, mode, functionId, trigger } = one.run;
    const minute = Math.floor(atMs / MINUTE_MS);
    const key = `${minute} ${accountId} ${mode} ${functionId} ${trigger}`;
    let counted = tallies.get(key);
    if (counted === undefined) {
      const at = new Date(minute * MINUTE_MS).toISOString();
      const owner = { at, account_id: accountId, mode, function_id: functionId, trigger };
      counted = { tally: { ...owner, ...zero(), buckets: [], bucket_counts: [] }, buckets: new Map() };
      tallies.set(key, counted);
    }
    addEnd(counted.tally, counted.buckets, one);
    addAttempt(counted.tally, one);
  }
  return [...tallies.values()].map(({ tally, buckets }) => ({
    ...tally,
    buckets: [...buckets.keys()],
    bucket_counts: [...buckets.values()],
  }));
}

function zero(): Numbers {
  return Object.fromEntries([...SUMS, ...PEAKS].map((name) => [name, 0])) as Numbers;
}

/** When the run ended, or the attempt after which it is tried again; null: neither has. */
function countedAtMs({ run, attempt }: WrittenRun): number | null {
  if (hasEnded(run)) return run.endedAtMs ?? run.createdAtMs;
  const ended = attempt === null ? null : (run.history?.at(-1)?.ended_at ?? null);
  return ended === null ? null : Date.parse(ended);
}

function addEnd(tally: Tally, buckets: Map<number, number>, { run }: WrittenRun): void {
  const { status, durationMs, startedAtMs } = run;
  if (status === 'queued' || status === 'running') return;
  tally[status] += 1;
  if (durationMs === null || startedAtMs === null) return;
  const durationUs = Math.round(durationMs * 1000);
  tally.duration_us += durationUs;
  tally.duration_max_us = Math.max(tally.duration_max_us, durationUs);
  const bucket = bucketOf(durationMs);
  buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
  const waitUs = Math.round(Math.max(0, startedAtMs - (run.dueAtMs ?? run.createdAtMs)) * 1000);
  tally.waits += 1;
  tally.wait_us += waitUs;
  tally.wait_max_us = Math.max(tally.wait_max_us, waitUs);
}

function addAttempt(tally: Tally, { run, attempt }: WrittenRun): void {
  const { durationMs, initMs, memoryMb, memoryPeakBytes } = run;
  if (attempt === null || durationMs === null) return;
  tally.attempts += 1;
  tally.execution_us += Math.round(durationMs * 1000);
  tally.mb_ms += Math.round(durationMs * memoryMb);
  tally.bytes_in += attempt.in;
  tally.bytes_out += attempt.out;
  tally.memory_peak_bytes = Math.max(tally.memory_peak_bytes, memoryPeakBytes ?? 0);
  if (initMs === null) return;
  tally.cold_starts += 1;
  tally.init_us += Math.round(initMs * 1000);
}
