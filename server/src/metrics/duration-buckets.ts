// Durations in buckets whose bounds grow by 2 %, so that a percentile of any number of runs, over any span,
// is at most 1 % off, and buckets of two spans are added number by number. A bucket is a whole number;
// those that are empty take no room. Pure. Called by what counts runs and by what shows their numbers.

/** From one bound to the next. */
const GROWTH = 1.02;
const LOG_GROWTH = Math.log(GROWTH);
/** What is shorter is in the lowest bucket. ms */
const SHORTEST_MS = 0.01;

/** By bucket: how many. */
export type Buckets = ReadonlyMap<number, number>;

export function bucketOf(durationMs: number): number {
  return Math.ceil(Math.log(Math.max(durationMs, SHORTEST_MS)) / LOG_GROWTH);
}

/** The duration that stands for a bucket: as far from its lower bound as from its upper one. ms */
export function durationOf(bucket: number): number {
  return (2 * GROWTH ** bucket) / (1 + GROWTH);
}

/**
 * @param share between 0 and 1: 0.95 is what 95 of 100 take at most
 * @returns ms; null where nothing is counted
 */
export function percentile(buckets: Buckets, share: number): number | null {
  const sorted = [...buckets].sort(([one], [other]) => one - other);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(total * share));
  let seen = 0;
  for (const [bucket, count] of sorted) {
    seen += count;
    if (seen >= rank) return durationOf(bucket);
  }
  return null;
}
