import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bucketOf, percentile } from './duration-buckets.ts';

/** Always the same. */
function drawn(count: number): number[] {
  let seed = 12_345;
  return Array.from({ length: count }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return 0.02 * 900_000 ** (seed / 2_147_483_648);
  });
}

function bucketsOf(durations: readonly number[]): Map<number, number> {
  const buckets = new Map<number, number>();
  for (const ms of durations) buckets.set(bucketOf(ms), (buckets.get(bucketOf(ms)) ?? 0) + 1);
  return buckets;
}

describe('percentiles of durations in buckets', () => {
  test('are within 2 % of those of the durations themselves, from microseconds to minutes', () => {
    const durations = drawn(10_001);
    const sorted = durations.toSorted((one, other) => one - other);
    const buckets = bucketsOf(durations);
    for (const share of [0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1]) {
      const exact = sorted[Math.max(1, Math.ceil(sorted.length * share)) - 1] as number;
      const told = percentile(buckets, share) as number;
      assert.ok(Math.abs(told / exact - 1) < 0.02, `${share}: ${told} for ${exact}`);
    }
  });

  test('of one duration are that one', () => {
    for (const share of [0.5, 0.99]) {
      const told = percentile(bucketsOf([250]), share) as number;
      assert.ok(Math.abs(told / 250 - 1) < 0.02, `${told}`);
    }
  });

  test('of nothing are nothing', () => {
    assert.equal(percentile(new Map(), 0.5), null);
  });

  test('take no more than some hundreds of buckets', () => {
    assert.ok(bucketOf(900_000) - bucketOf(0) < 1_000);
  });
});
