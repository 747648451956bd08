import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { jsonProblem } from './json-bounds.ts';

const BOUNDS = { levels: 3, values: 10 };
const problem = (text: string): string | null => jsonProblem(Buffer.from(text), BOUNDS);

describe('the bounds of a JSON text', () => {
  for (const text of ['', '1', '[[[1]]]', '[[[]],[[]]]', '{"a":{"b":{}}}', '[1,2,3,4,5,6,7,8]']) {
    test(`hold ${text}`, () => assert.equal(problem(text), null));
  }

  for (const text of ['[[[[', '{"a":{"b":{"c":{}}}}', '[1,[2,[3,[4]]]]']) {
    test(`end where ${text} is nested too deeply`, () =>
      assert.equal(problem(text), 'must not be nested deeper than 3 levels'));
  }

  for (const text of [
    '[1,2,3,4,5,6,7,8,9,10,11]',
    '{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6}',
    '[[],[],[],[],[],[]]',
  ]) {
    test(`end where ${text} holds too much`, () =>
      assert.equal(problem(text), 'must not hold more than 10 values'));
  }

  test('count nothing that stands in a string', () => {
    assert.equal(problem('"[[[[[[,,,,,,,,,,,,,,,,"'), null);
    assert.equal(problem('["\\"[[[[[[", "\\\\", "a\\\\\\"[[[[[["]'), null);
    assert.equal(problem('["\\\\",[[[1]]]]'), 'must not be nested deeper than 3 levels');
  });

  test('take a text that breaks off in a string', () => assert.equal(problem('["[[[[['), null));
});
