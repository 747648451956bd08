import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renewalIn, restFor, retryIn } from './next-try.ts';

const DAY_S = 86_400;

test('a certificate is renewed when a third of its life is left, and never in a hurry', () => {
  const from = new Date('2026-01-01');
  const to = new Date(from.getTime() + 90 * DAY_S * 1000);
  assert.equal(renewalIn(from, to, from.getTime()), 60 * DAY_S);
  assert.equal(renewalIn(from, to, to.getTime()), 5);
});

test('a refused name waits longer each time, at most a day, and as long as the authority says', () => {
  assert.deepEqual(
    [1, 2, 3].map((failures) => retryIn(failures, 0)),
    [900, 1800, 3600],
  );
  assert.equal(retryIn(1_000, 0), DAY_S);
  assert.equal(retryIn(1, 5_000), 5_000);
});

test('an authority that is not there is asked again sooner', () => {
  assert.deepEqual([1, 2, 50].map(restFor), [30, 60, 3600]);
});
