// `node scripts/compile-server.mjs`: has Node compile the server's sources ahead, into build/server-code,
// unless that was done with these very sources: a start takes a second less, and 30 MB less of memory, for
// what strips the types. The server may read there and not write. Run by start.mjs beside the server, by
// test.mjs before the tests, and for an image. Starts nothing. Runs on any Node >= 18.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { findNode, ROOT } from './install.mjs';

const FOLDER = path.join(ROOT, 'build/server-code');
const STAMP = path.join(FOLDER, 'compiled-from');
const SOURCES = ['contract', 'process', 'server/src'];
const ENTRANCE = path.join(ROOT, 'server/src/roles/serve.ts');

/** Of names, sizes and times: what has changed without them is compiled at the start, as ever. */
function fingerprint() {
  const hash = createHash('sha256').update(findNode());
  for (const folder of SOURCES) {
    for (const name of readdirSync(path.join(ROOT, folder), { recursive: true }).sort()) {
      if (!/\.[cm]?[jt]s$/.test(name)) continue;
      const { size, mtimeMs } = statSync(path.join(ROOT, folder, name));
      hash.update(`${folder}/${name} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.update(readFileSync(path.join(ROOT, 'package-lock.json'))).digest('hex');
}

/** Beside its place, and moved there whole. */
function compile(stamp) {
  const fresh = `${FOLDER}-new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh);
  const load = `await import(${JSON.stringify(ENTRANCE)}); process.exit(0)`;
  const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: fresh, NODE_COMPILE_CACHE_PORTABLE: '1' };
  const done = spawnSync(findNode(), ['--input-type=module', '-e', load], { env, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr.trim());
  for (const name of readdirSync(fresh, { recursive: true })) {
    const file = path.join(fresh, name);
    chmodSync(file, statSync(file).isDirectory() ? 0o755 : 0o644);
  }
  writeFileSync(path.join(fresh, path.basename(STAMP)), stamp);
  rmSync(FOLDER, { recursive: true, force: true });
  renameSync(fresh, FOLDER);
}

try {
  process.umask(0o022);
  mkdirSync(path.dirname(FOLDER), { recursive: true });
  const stamp = fingerprint();
  if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== stamp) compile(stamp);
} catch (error) {
  // It only saves time.
  console.error(`millrace: the server's code could not be compiled ahead: ${error.message}`);
}
