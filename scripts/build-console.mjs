// `node scripts/build-console.mjs`: builds the console into console/dist, and the manual's pages into
// build/docs, unless they were built from these very sources: packages from a lock of their own, Vite, and
// every file compressed ahead of its being asked for.
// Says in build/console.json how far it is, for the page that people see meanwhile. Run by start.mjs beside
// the server, and by test.mjs before the tests. Serves nothing. Runs on any Node >= 18.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { setPriority } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { findNode, installPackages, ROOT, SetupError } from './install.mjs';

const CONSOLE = path.join(ROOT, 'console');
const DIST = path.join(CONSOLE, 'dist');
const DOCS = path.join(ROOT, 'build/docs');
const STAMP = 'built-from';
const STATE = path.join(ROOT, 'build/console.json');
const LOCK = path.join(ROOT, 'build/console.lock');
/** Folders whose files the console is made of. */
const SOURCES = ['console', 'client'];
const NO_SOURCES = new Set(['node_modules', 'dist', 'dist-new', 'dist-old', 'test', 'docs']);
const COMPRESSED = /\.(js|css|html|svg|json|txt|wasm|ttf)$/;
/** Smaller ones aren't worth it. */
const LEAST_BYTES = 512;
/** The best compression of the editor's files would take longer than all else. */
const LARGE_BYTES = 1_000_000;

/** @returns a fingerprint of everything that a build reads */
function fingerprint(files) {
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    if (statSync(file).isFile()) {
      hash
        .update(`${path.relative(ROOT, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

function sourcesOfConsole() {
  return SOURCES.flatMap((folder) => filesBelow(path.join(ROOT, folder)));
}

function sourcesOfDocs() {
  const texts = readdirSync(path.join(ROOT, 'docs'), { recursive: true }).map((name) =>
    path.join(ROOT, 'docs', name),
  );
  const design = path.join(CONSOLE, 'src/design/tokens.css');
  const lock = path.join(CONSOLE, 'package-lock.json');
  return [path.join(ROOT, 'README.md'), design, lock, ...texts, ...filesBelow(path.join(CONSOLE, 'docs'))];
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return NO_SOURCES.has(entry.name) ? [] : filesBelow(file);
    return entry.isFile() && !/\.(md|test\.tsx?)$/.test(entry.name) ? [file] : [];
  });
}

/** @param args of Node: what writes the files into `<dist>-new` */
async function build(dist, stamp, args) {
  const fresh = `${dist}-new`;
  rmSync(fresh, { recursive: true, force: true });
  installPackages({
    folder: CONSOLE,
    what: "the console's libraries, about 200 MB",
    scripts: false,
    isBeside: true,
  });
  const done = spawnSync(findNode(), args, {
    cwd: CONSOLE,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (done.status !== 0) throw new SetupError(`${done.stdout ?? ''}${done.stderr ?? ''}`.trim());
  await Promise.all(allBelow(fresh).map(compress));
  writeFileSync(path.join(fresh, STAMP), stamp);
  const old = `${dist}-old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

function allBelow(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}

async function compress(file) {
  const { size } = statSync(file);
  if (!COMPRESSED.test(file) || size < LEAST_BYTES) return;
  const text = readFileSync(file);
  const quality = size > LARGE_BYTES ? 9 : constants.BROTLI_MAX_QUALITY;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_SIZE_HINT]: size,
  };
  const forms = await Promise.all([
    promisify(brotliCompress)(text, { params }),
    promisify(gzip)(text, { level: 9 }),
  ]);
  for (const [at, ending] of ['br', 'gz'].entries()) {
    if (forms[at].length < size) writeFileSync(`${file}.${ending}`, forms[at]);
  }
}

/** Two that install into one folder at once break it. @returns whether it is ours */
function takeLock() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (isAlive(Number(readFileSync(LOCK, 'utf8')))) return false;
  unlinkSync(LOCK);
  return takeLock();
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function say(state) {
  writeFileSync(STATE, JSON.stringify(state));
}

function isBuiltFrom(dist, stamp) {
  const file = path.join(dist, STAMP);
  return existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

async function buildWhereStale() {
  const stamps = { [DIST]: fingerprint(sourcesOfConsole()), [DOCS]: fingerprint(sourcesOfDocs()) };
  const vite = path.join(CONSOLE, 'node_modules/vite/bin/vite.js');
  const work = {
    [DIST]: [vite, 'build', '--outDir', `${DIST}-new`, '--logLevel', 'warn'],
    [DOCS]: [path.join(CONSOLE, 'docs/build-docs.mjs'), `${DOCS}-new`],
  };
  const stale = [DIST, DOCS].filter((dist) => !isBuiltFrom(dist, stamps[dist]));
  if (stale.length === 0) return;
  say({ state: 'building' });
  try {
    for (const dist of stale) await build(dist, stamps[dist], work[dist]);
    rmSync(STATE);
  } catch (error) {
    say({ state: 'failed', reason: error.message });
    throw error;
  }
}

async function main() {
  // A release brings the console built, and no sources of it.
  if (!existsSync(path.join(CONSOLE, 'package.json'))) return;
  process.umask(0o022);
  mkdirSync(path.join(ROOT, 'build'), { recursive: true });
  // The server starts at the same time, and is what people wait for.
  if (process.argv.includes('--beside')) setPriority(19);
  for (; !takeLock(); await new Promise((resolve) => setTimeout(resolve, 250)));
  const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const end = () => {
    rmSync(LOCK, { force: true });
    rmSync(STATE, { force: true });
    process.exit(1);
  };
  for (const signal of endings) process.once(signal, end);
  try {
    await buildWhereStale();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

try {
  await main();
} catch (error) {
  console.error(`millrace: the console could not be built: ${error.message}`);
  process.exitCode = 1;
}
