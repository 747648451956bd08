import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Progress } from './progress.ts';

test('a wait ends when what it waits for holds, when its time is over, and when no more can come', async () => {
  const progress = new Progress();
  let isDone = false;
  const waiting = progress.until(() => isDone, 60_000);
  progress.made();
  isDone = true;
  progress.made();
  assert.equal(await waiting, true);
  assert.equal(await progress.until(() => false, 1), false);
  const last = progress.until(() => false, 60_000);
  progress.end();
  assert.equal(await last, false);
  assert.equal(await progress.until(() => false, 60_000), false);
});
