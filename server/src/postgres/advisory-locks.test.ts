import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { NAMED, WHOLE } from './advisory-locks.ts';

test('no two locks share a number, and no other file takes one', () => {
  const numbers = [...Object.values(WHOLE), ...Object.values(NAMED)];
  assert.equal(new Set(numbers).size, numbers.length);
  const root = path.resolve(import.meta.dirname, '..');
  const takers = globSync('**/*.ts', { cwd: root }).filter(
    (file) =>
      !file.endsWith('.test.ts') && readFileSync(path.join(root, file), 'utf8').includes('pg_advisory'),
  );
  assert.deepEqual(takers, ['postgres/advisory-locks.ts']);
});
