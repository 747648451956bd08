import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKey } from './key-value.ts';

test('a key is letters with single underscores between them', () => {
  for (const key of ['ab', 'my_key', 'A_b_C', 'x'.repeat(100)]) assert.equal(isKey(key), true, key);
  for (const key of ['', 'a', '_ab', 'ab_', 'a__b', 'a1', 'a b', 'ä_b', 'ab\n', 'x'.repeat(101)]) {
    assert.equal(isKey(key), false, key);
  }
});

test('a long text that is no key is refused quickly', () => {
  const startedAt = performance.now();
  assert.equal(isKey(`${'a'.repeat(99)}1`), false);
  assert.ok(performance.now() - startedAt < 5_000);
});
