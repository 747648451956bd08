import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { prefersAsync } from './prefer.ts';

describe('a caller', () => {
  for (const header of [
    'respond-async',
    'Respond-Async',
    'wait=10, respond-async',
    'respond-async; foo=1,x',
  ]) {
    test(`prefers not to wait with ${header}`, () => assert.equal(prefersAsync(header), true));
  }
  for (const header of [undefined, '', 'wait=10', 'respond-asynchronously', 'foo="respond-async"']) {
    test(`waits with ${header}`, () => assert.equal(prefersAsync(header), false));
  }
});
