import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { compileCacheSettings } from './compile-cache.mjs';

function inClone(act: (root: string) => void): void {
  const root = mkdtempSync(path.join(tmpdir(), 'millrace-clone-'));
  try {
    act(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

test('what is compiled is kept in a folder that its user alone may enter', () => {
  inClone((root) => {
    const folder = path.join(root, 'build/compile-cache');
    assert.deepEqual(compileCacheSettings(root), { NODE_COMPILE_CACHE: folder });
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.deepEqual(compileCacheSettings(root), { NODE_COMPILE_CACHE: folder });
  });
});

test('a folder that others may write, or that lies elsewhere, is not used', () => {
  for (const open of ['build', 'build/compile-cache']) {
    inClone((root) => {
      compileCacheSettings(root);
      chmodSync(path.join(root, open), 0o777);
      assert.deepEqual(compileCacheSettings(root), {}, open);
    });
  }
  inClone((root) => {
    mkdirSync(path.join(root, 'build'));
    symlinkSync(tmpdir(), path.join(root, 'build/compile-cache'));
    assert.deepEqual(compileCacheSettings(root), {});
  });
});
