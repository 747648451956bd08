import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { excess, nextSlice } from './budget-slice.ts';

const FACTS = { budget: 1000, nodes: 2, lastSlice: 0, lastedMs: 0 };

describe('a slice of a budget', () => {
  test('is small at first, grows while it is used up at once, and stays under the node’s share', () => {
    const slices: number[] = [];
    let lastSlice = 0;
    for (let n = 0; n < 4; n += 1) {
      lastSlice = nextSlice({ ...FACTS, lastSlice });
      slices.push(lastSlice);
    }
    assert.deepEqual(slices, [25, 50, 50, 50]);
  });

  test('doesn’t grow for a node that needs little', () => {
    assert.equal(nextSlice({ ...FACTS, lastSlice: 25, lastedMs: 5_000 }), 25);
  });

  test('is one of the smallest budget', () => {
    assert.equal(nextSlice({ ...FACTS, budget: 3, nodes: 50 }), 1);
  });

  test('is given back but for the node’s share of what may lie idle, and what it needs', () => {
    assert.equal(excess(50, 0, FACTS), 25);
    assert.equal(excess(50, 20, FACTS), 10);
    assert.equal(excess(10, 0, FACTS), 0);
    assert.equal(excess(1, 0, { ...FACTS, budget: 3 }), 1);
  });
});
