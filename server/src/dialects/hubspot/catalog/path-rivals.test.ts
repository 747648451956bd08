import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rivalsOf, rivalsWithin, rivalWords } from './path-rivals.ts';

const holders = [
  { path: 'form', folder: 'old.functions' },
  { path: 'mine', folder: 'new.functions' },
];

test('a path of another folder is a rival in any case, and a folder’s own is none', () => {
  const named = [{ path: 'Form' }, { path: 'mine' }, { path: 'free' }];
  const rivals = rivalsOf(named, holders, (folder) => folder === 'new.functions');
  assert.deepEqual(rivals, [{ path: 'Form', holder: 'old.functions' }]);
  assert.deepEqual(
    rivalsOf(named, holders, () => true),
    [],
  );
});

test('of folders that arrive together the first has the path', () => {
  const folders = ['a', 'b', 'c'].map((folder) => ({ folder, endpoints: [{ path: 'x' }] }));
  assert.deepEqual(rivalsWithin(folders), [
    { path: 'x', holder: 'a', folder: 'b' },
    { path: 'x', holder: 'a', folder: 'c' },
  ]);
});

test('the words name both folders', () => {
  assert.match(rivalWords({ path: 'x', holder: 'a' }, 'b'), /^a serves the path x already, so b can't/);
});
