import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { dotnetFolder } from '../contract/dotnet-host.ts';
import { javaFolder } from './find-javas.ts';
import { refuseForeignEnginesDir } from './own-folders.ts';

test('a folder of engines holds engines alone', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-engines-'));
  try {
    for (const name of [
      '18',
      '.npm-cache',
      '.incoming-18-x',
      dotnetFolder('10.0.12'),
      javaFolder('17.0.15', ''),
    ])
      mkdirSync(path.join(folder, name));
    refuseForeignEnginesDir(folder);
    mkdirSync(path.join(folder, 'dotnet-notes'));
    assert.throws(() => refuseForeignEnginesDir(folder), /holds dotnet-notes, which is not Millrace's/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
