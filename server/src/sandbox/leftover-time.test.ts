import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LeftoverTime } from './leftover-time.ts';

test('what runs can have used is theirs, the rest was left behind', () => {
  const time = new LeftoverTime(2, 500, 0);
  time.busy(100);
  time.idle(300);
  assert.equal(time.look(900, 1_000), 0);
  assert.equal(time.look(1_100, 2_000), 200);
  time.busy(2_500);
  assert.equal(time.look(2_200, 3_000), 100);
  assert.equal(time.look(4_200, 4_000), 0);
});

test('a tenth of a core may be used for ever, a whole one for about a second', () => {
  const modest = new LeftoverTime(1, 0, 0);
  for (let s = 1; s <= 1_000; s += 1) modest.look(s * 100, s * 1_000);
  assert.equal(modest.isSpent, false);
  const spins = new LeftoverTime(1, 0, 0);
  spins.look(1_000, 1_000);
  assert.equal(spins.isSpent, false);
  spins.look(1_050, 1_100);
  assert.equal(spins.isSpent, false);
  spins.look(2_500, 2_500);
  assert.equal(spins.isSpent, true);
});
