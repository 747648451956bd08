import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NAME_CHARACTERS, nameProblem } from './function-name.ts';

describe('the name of a function', () => {
  test('is up to 250 characters of any language', () => {
    for (const name of ['a', 'Zusätze für Übersee', '新しい', 'x'.repeat(NAME_CHARACTERS)]) {
      assert.equal(nameProblem(name), null);
    }
  });

  for (const [name, problem] of [
    ['', /empty/],
    [' \t', /empty/],
    ['x'.repeat(NAME_CHARACTERS + 1), /at most 250/],
    ['a\0', /NUL/],
    ['a\ud800', /broken/],
    ['a\nb', /control/],
  ] as const) {
    test(`is not ${JSON.stringify(name.slice(0, 10))}`, () => assert.match(nameProblem(name) ?? '', problem));
  }
});
