// The list of attacks in docs/security.md and the suite agree: attack.ts refuses to carry out what isn't
// listed, and what is listed is carried out by one file here.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { attack, listedAttacks } from './attack.ts';

const files = globSync('*.test.ts', { cwd: import.meta.dirname }).filter(
  (file) => !file.startsWith('quick-list'),
);
const texts = files.map((file) => readFileSync(path.join(import.meta.dirname, file), 'utf8'));

test('every listed attack is carried out once', () => {
  for (const { id } of listedAttacks()) {
    // Either `attack('id'`, `attackAround('id'`, or the first cell of a table's row.
    const uses = texts.flatMap((text) => [
      ...text.matchAll(new RegExp(`(attack(?:Around)?\\(\\s*|^ +\\[)'${id}',`, 'gm')),
    ]);
    assert.equal(uses.length, 1, id);
  }
});

test('there are at least forty, each with its wall', () => {
  const listed = listedAttacks();
  assert.ok(listed.length >= 40, String(listed.length));
  assert.equal(new Set(listed.map(({ id }) => id)).size, listed.length);
  for (const { deed, wall } of listed) assert.ok(deed.length > 10 && wall.length > 5, deed);
});

test('an attack that is not listed can not be carried out', () => {
  assert.throws(() => attack('unheard-of', async () => {}), /doesn't list the attack unheard-of/);
});
