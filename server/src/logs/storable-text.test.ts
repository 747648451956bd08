import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storableTexts } from './storable-text.ts';

test('a record is stored as it is, but for NUL and lone surrogates in its texts', () => {
  const sound = { method: 'GET', path: '/ü😀', at: 1, test: true, none: null };
  assert.deepEqual(storableTexts(sound), sound);
  for (const bad of ['a\0b', 'a\ud800b'])
    assert.deepEqual(storableTexts({ ...sound, path: bad }), { ...sound, path: 'a\ufffdb' });
});
