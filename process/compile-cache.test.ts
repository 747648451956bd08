import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { homeDir } from '../contract/paths.ts';
import { serverCompileCache } from './compile-cache.ts';

const NOBODY = 65_534;
const asRoot = process.getuid?.() === 0 ? false : 'only root can become another user';

test('the server reads what was compiled ahead, as its own user, and writes nothing there', {
  skip: asRoot,
}, () => {
  const home = homeDir();
  const compiled = spawnSync(process.execPath, [path.join(home, 'scripts/compile-server.mjs')]);
  assert.equal(compiled.stderr.toString(), '');
  const settings = serverCompileCache(home, { uid: NOBODY, app: home });
  const folder = settings.NODE_COMPILE_CACHE as string;
  const before = readdirSync(folder, { recursive: true }).length;
  const load = `await import(${JSON.stringify(path.join(home, 'server/src/roles/serve.ts'))}); process.exit(0)`;
  const node = [process.execPath, '--input-type=module', '-e', load];
  // A mount of its own: the clone may lie where that user can't reach.
  const place = mkdtempSync(path.join(tmpdir(), 'millrace-app-'));
  chmodSync(place, 0o755);
  const become = `setpriv --reuid ${NOBODY} --regid ${NOBODY} --clear-groups`;
  const script = `mount --bind "${home}" "${place}" && cd / && exec ${become} "$@"`;
  const args = node.map((word) => word.replaceAll(`${home}/`, `${place}/`));
  const env = { PATH: process.env.PATH, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
  const seen = spawnSync('unshare', ['--mount', 'sh', '-ec', script, 'sh', ...args], {
    encoding: 'utf8',
    env: { ...env, ...settings, NODE_COMPILE_CACHE: folder.replace(home, place) },
    maxBuffer: 64 << 20,
  });
  rmSync(place, { recursive: true });
  assert.equal(seen.status, 0, seen.stderr.slice(-2_000));
  const sources = seen.stderr.match(/server\/src\/\S+\.ts.* was accepted/g) ?? [];
  assert.ok(sources.length > 500, `${sources.length} sources were not compiled again`);
  assert.equal(readdirSync(folder, { recursive: true }).length, before);
});

test('nothing is read that others may have written, or where nothing lies', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'millrace-home-'));
  try {
    const reader = { uid: NOBODY, app: '/app' };
    assert.deepEqual(serverCompileCache(home, reader), {});
    const folder = path.join(home, 'build/server-code');
    mkdirSync(folder, { recursive: true });
    assert.deepEqual(serverCompileCache(home, reader), {
      NODE_COMPILE_CACHE: '/app/build/server-code',
      NODE_COMPILE_CACHE_PORTABLE: '1',
    });
    for (const open of [folder, path.dirname(folder)]) {
      chmodSync(open, 0o777);
      assert.deepEqual(serverCompileCache(home, reader), {}, open);
      chmodSync(open, 0o755);
    }
  } finally {
    rmSync(home, { recursive: true });
  }
});
