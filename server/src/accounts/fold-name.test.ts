import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldName } from './fold-name.ts';

test('names are the same without regard to case, of whatever letters, however composed', () => {
  for (const [one, other] of [
    ['Welcome', 'wELCOME'],
    ['ÄPFEL', 'äpfel'],
    ['a\u0308pfel', 'Äpfel'],
    ['ΟΔΟΣ', 'οδος'],
    ['STRASSE', 'straße'],
    ['ПРИВЕТ', 'привет'],
  ] as const) {
    assert.equal(foldName(one), foldName(other), one);
  }
  assert.notEqual(foldName('apfel'), foldName('äpfel'));
});
