// How much is moved at a time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextPortion } from './history-mover.ts';

test('a portion shrinks to one run where it takes long or fails, and grows back where it does not', () => {
  let portion = 2_000;
  for (let tries = 0; tries < 20; tries += 1) portion = nextPortion(portion, Number.POSITIVE_INFINITY);
  assert.equal(portion, 1);
  assert.equal(nextPortion(400, 1_500), 200);
  assert.equal(nextPortion(400, 500), 400);
  for (let tries = 0; tries < 20; tries += 1) portion = nextPortion(portion, 10);
  assert.equal(portion, 2_000);
});
