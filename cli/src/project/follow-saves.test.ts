import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { followSaves } from './follow-saves.ts';

test('every save is seen, by a new file in the place of the old one and in place, in new folders, too', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'follow-saves-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(path.join(folder, 'lib'));
  for (const name of ['index.js', 'lib/part.js']) writeFileSync(path.join(folder, name), '0');
  let saves = 0;
  followSaves(folder, () => {
    saves += 1;
  });
  const sees = async (what: string, change: () => void): Promise<void> => {
    await sleep(50);
    const before = saves;
    change();
    for (let tries = 0; tries < 100 && saves === before; tries += 1) await sleep(20);
    assert.ok(saves > before, what);
  };
  for (const name of ['index.js', 'lib/part.js']) {
    const file = path.join(folder, name);
    for (const round of [1, 2]) {
      await sees(`${name} replaced, ${round}`, () => {
        writeFileSync(`${file}.new`, `${round}`);
        renameSync(`${file}.new`, file);
      });
      await sees(`${name} in place, ${round}`, () => writeFileSync(file, `in place ${round}`));
    }
  }
  await sees('a new folder', () => mkdirSync(path.join(folder, 'more')));
  await sees('in a new folder', () => writeFileSync(path.join(folder, 'more/one.js'), '1'));
  await sees('a folder replaced', () => {
    rmSync(path.join(folder, 'more'), { recursive: true });
    mkdirSync(path.join(folder, 'more'));
  });
  await sees('in the folder in its place', () => writeFileSync(path.join(folder, 'more/one.js'), '2'));

  mkdirSync(path.join(folder, 'node_modules'));
  await sleep(100);
  const before = saves;
  writeFileSync(path.join(folder, 'node_modules/package.js'), '1');
  await sleep(200);
  assert.equal(saves, before, 'packages are no saves');
});
