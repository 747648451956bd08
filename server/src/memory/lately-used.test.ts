import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LatelyUsed } from './lately-used.ts';

test('what was not used for longest goes first', () => {
  const kept = new LatelyUsed<number>(2);
  kept.set('a', 1);
  kept.set('b', 2);
  assert.equal(kept.get('a'), 1);
  kept.set('c', 3);
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => kept.get(key)),
    [1, undefined, 3],
  );
  kept.set('a', 4);
  kept.set('d', 5);
  assert.deepEqual(
    ['a', 'c', 'd'].map((key) => kept.get(key)),
    [4, undefined, 5],
  );
});

test('a look is no use', () => {
  const kept = new LatelyUsed<number>(2);
  kept.set('a', 1);
  kept.set('b', 2);
  assert.equal(kept.peek('a'), 1);
  kept.set('c', 3);
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => kept.peek(key)),
    [undefined, 2, 3],
  );
});

test('a value is taken away by its key, or only while it is the one that is meant', () => {
  const kept = new LatelyUsed<number>(2);
  kept.set('a', 1);
  kept.delete('a', 2);
  assert.equal(kept.get('a'), 1);
  kept.delete('a', 1);
  assert.equal(kept.get('a'), undefined);
  kept.set('b', 1);
  kept.clear();
  assert.equal(kept.get('b'), undefined);
});
