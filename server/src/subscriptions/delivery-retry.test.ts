import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextAttemptAfterMs } from './delivery-retry.ts';

const failed = { end: 'failed', reason: 'x', retryAfterMs: null, isFinal: false } as const;

test('a failed delivery is tried again nine times, over three days', () => {
  const delays = Array.from({ length: 10 }, (_, index) => nextAttemptAfterMs(failed, index + 1, 0.5));
  assert.equal(delays.at(-1), null);
  assert.equal(delays.indexOf(null), 9);
  const days = delays.reduce<number>((sum, delay) => sum + (delay ?? 0), 0) / 86_400_000;
  assert.ok(days > 2.5 && days < 4, `${days}`);
});

test('a destination may put us off, a day at most, and not hurry us', () => {
  assert.equal(nextAttemptAfterMs({ ...failed, retryAfterMs: 60_000 }, 1, 0), 60_000);
  assert.equal(nextAttemptAfterMs({ ...failed, retryAfterMs: 9e9 }, 1, 0), 86_400_000);
  assert.ok((nextAttemptAfterMs({ ...failed, retryAfterMs: 1 }, 2, 0.5) ?? 0) > 100_000);
});

test('what is final is not tried again', () => {
  assert.equal(nextAttemptAfterMs({ ...failed, isFinal: true }, 1, 0), null);
});
