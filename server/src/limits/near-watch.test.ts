import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNearWatch, SAY_EVERY_MS } from './near-watch.ts';

test('a limit is near from four fifths on, is said once in a while, and apart for each limit and account', () => {
  let nowMs = 0;
  const said: string[] = [];
  const watch = createNearWatch(
    (accountId, { limit, allowed, used }) => said.push(`${accountId} ${limit} ${used}/${allowed}`),
    () => nowMs,
  );
  const see = (accountId: string, used: number, limit: 'concurrent_runs' | 'queued_runs' = 'queued_runs') =>
    watch.see(accountId, { limit, allowed: 10, used });
  see('a', 7);
  see('a', 8);
  see('a', 9);
  see('a', 12, 'concurrent_runs');
  see('b', 10);
  assert.deepEqual(said, ['a queued_runs 8/10', 'a concurrent_runs 10/10', 'b queued_runs 10/10']);
  nowMs = SAY_EVERY_MS;
  see('a', 9);
  assert.equal(said.at(-1), 'a queued_runs 9/10');
});
