import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrongKeyWords } from './foreign-key.ts';

for (const key of [
  'CiRuYTEtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwEAAYASAA',
  'pat-na1-00000000-0000-0000-0000-000000000000',
  'pat-eu1-00000000-0000-0000-0000-000000000000',
  '00000000-0000-0000-0000-000000000000',
]) {
  test(`a key like ${key.slice(0, 8)}... is said to look like HubSpot's, and isn't repeated`, () => {
    const words = wrongKeyWords(key);
    assert.match(words, /looks like a key of HubSpot.*--use-env/);
    assert.ok(!words.includes(key));
  });
}

test('any other key is no token, and nothing else', () => {
  assert.match(wrongKeyWords('no-such-key'), /^this token is not valid/);
});
