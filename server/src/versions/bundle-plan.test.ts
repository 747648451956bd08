import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bundlesToRemove, type CachedBundle } from './bundle-plan.ts';

const bundle = (hash: string, part: Partial<CachedBundle> = {}): CachedBundle => ({
  ...{ hash, diskBytes: 10, lastUse: 0, isKnown: true, isHeld: false },
  ...part,
});

describe('what is removed from the cache', () => {
  test('is what no version holds, however much room there is', () => {
    assert.deepEqual(bundlesToRemove([bundle('a'), bundle('b', { isKnown: false })], 1000), ['b']);
  });

  test('is, over the limit, what was not used for the longest time, and no more than it takes', () => {
    const bundles = ['a', 'b', 'c', 'd'].map((hash, at) => bundle(hash, { lastUse: 100 - at }));
    assert.deepEqual(bundlesToRemove(bundles, 25), ['d', 'c']);
    assert.deepEqual(bundlesToRemove(bundles, 40), []);
  });

  test('is never what is held', () => {
    const held = { isHeld: true };
    assert.deepEqual(bundlesToRemove([bundle('a', held), bundle('b', { ...held, isKnown: false })], 0), []);
    const bundles = [bundle('a', held), bundle('b', { lastUse: 5 })];
    assert.deepEqual(bundlesToRemove(bundles, 10), ['b']);
  });

  test('counts what goes anyway as gone', () => {
    const bundles = [bundle('a'), bundle('b', { isKnown: false, diskBytes: 100 })];
    assert.deepEqual(bundlesToRemove(bundles, 10), ['b']);
  });
});
