import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TurnsQueue } from './turns-queue.ts';

type Item = { accountId: string; name: string };

test('accounts take turns, whatever each has waiting', () => {
  const queue = new TurnsQueue<Item>();
  for (let at = 0; at < 1000; at += 1) queue.push({ accountId: 'A', name: `a${at}` });
  queue.push({ accountId: 'B', name: 'b0' });
  queue.push({ accountId: 'B', name: 'b1' });
  assert.deepEqual([queue.size, queue.sizeOf('A'), queue.sizeOf('B'), queue.sizeOf('C')], [1002, 1000, 2, 0]);
  const first = Array.from({ length: 5 }, () => queue.shift()?.name);
  assert.deepEqual(first, ['a0', 'b0', 'a1', 'b1', 'a2']);
  assert.equal(queue.sizeOf('B'), 0);
});

test('an empty queue hands out nothing, and fills again', () => {
  const queue = new TurnsQueue<Item>();
  assert.equal(queue.shift(), undefined);
  queue.push({ accountId: 'A', name: 'a' });
  assert.equal(queue.shift()?.name, 'a');
  assert.equal(queue.size, 0);
});
