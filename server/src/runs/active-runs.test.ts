import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ActiveRuns } from './active-runs.ts';

test('a run that has begun again can be cancelled, although its abandoned attempt ends later', () => {
  const runs = new ActiveRuns();
  const abandoned = runs.begin('run', 1);
  const again = runs.begin('run', 1);
  runs.end('run', abandoned);
  assert.equal(runs.cancel('run'), true);
  assert.deepEqual([abandoned.isCancelled, again.isCancelled], [false, true]);
  runs.end('run', again);
  assert.equal(runs.cancel('run'), false);
});
