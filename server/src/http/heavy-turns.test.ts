import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeavyTurns } from './heavy-turns.ts';

function stall(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

test('heavy work goes one at a time, in turns over accounts', async () => {
  const turns = new HeavyTurns();
  const order: string[] = [];
  const work = async (accountId: string): Promise<void> => {
    await turns.take(accountId);
    order.push(accountId);
  };
  await Promise.all(['A', 'A', 'A', 'A', 'B', 'B'].map(work));
  // The first one began at once, before another account had anything to do.
  assert.equal(order.join(''), 'AABABA');
});

test('what else there is to do comes between two turns', async () => {
  const turns = new HeavyTurns();
  const order: string[] = [];
  const heavy = async (name: string): Promise<void> => {
    await turns.take('A');
    stall(20);
    order.push(name);
  };
  const both = Promise.all([heavy('first'), heavy('second')]);
  setTimeout(() => order.push('another'), 1);
  await both;
  assert.deepEqual(order, ['first', 'another', 'second']);
});
