import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextPortion } from './run-search-endpoints.ts';

test('portions of a search grow while they are quick, up to a bound, and shrink where logs are long', () => {
  assert.equal(nextPortion(20, 5), 40);
  assert.equal(nextPortion(400, 5), 500);
  assert.equal(nextPortion(40, 60), 40);
  assert.equal(nextPortion(40, 400), 20);
  assert.equal(nextPortion(1, 400), 1);
});
