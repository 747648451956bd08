// Installs packages with npm inside a build jail: `node build.cjs NPM_DIR WORK_DIR`, descriptor 3 to the
// server. Output is the build's log. Trusts nothing that it is sent back: the server checks what comes out of
// here as it checks an upload.
//
//   server: {dependencies, registry, scripts, limits}   <- one line of JSON
//   here:   {type: 'lock', lock}                        what was found, nothing installed yet
//   server: {type: 'install'}                           or it hangs up: it has such a layer already
//   here:   {type: 'layer'} and a zip until the end     or, at any time, {type: 'failed', step, message}
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { once } = require('node:events');
const { createInterface } = require('node:readline');
const { measurePackages, tooLarge } = require('./measure-packages.cjs');
const { listFolder, packEntries } = require('./pack-folder.cjs');

const [npmDir = '', workDir = ''] = process.argv.slice(2);
const projectDir = path.join(workDir, 'project');
const LOCK = path.join(projectDir, 'package-lock.json');
const MODULES = path.join(projectDir, 'node_modules');
/** Of what npm says last: where the reason stands. */
const KEPT_CHARACTERS = 16 * 1024;
/** As long as there is room, a look costs one system call. */
const LOOK_EVERY_MS = 50;
/** What is left of /tmp when it counts as full. */
const FULL_BYTES = 4 * 1024 * 1024;
const FULL_FILES = 100;

/**
 * @typedef {object} BuildOrder
 * @property {Record<string, string>} dependencies
 * @property {string} registry
 * @property {string[]} scripts  names of the packages whose install scripts are run
 * @property {{ layerBytes: number, layerEntries: number }} limits
 */

class BuildError extends Error {
  /**
   * @param {'resolve' | 'install' | 'scripts' | 'pack'} step
   * @param {string} message
   */
  constructor(step, message) {
    super(message);
    this.step = step;
  }
}

const control = new net.Socket({ fd: 3 });
// Who hangs up wants nothing more.
control.on('error', () => process.exit(0));

void main();

async function main() {
  const lines = createInterface({ input: control })[Symbol.asyncIterator]();
  try {
    const order = /** @type {BuildOrder} */ (await nextMessage(lines));
    await resolve(order);
    await say({ type: 'lock', lock: fs.readFileSync(LOCK, 'utf8') });
    await nextMessage(lines);
    await install(order);
    requireRoom(order.limits.layerBytes);
    const files = listFolder(MODULES, 'node_modules', order.limits);
    await say({ type: 'layer' });
    for (const chunk of packEntries(files)) await write(chunk);
    // What fails from here on ends this process, and half a zip is none.
  } catch (error) {
    const { step = 'pack', message } = /** @type {BuildError} */ (error);
    await say({ type: 'failed', step, message });
  }
  control.end(() => process.exit(0));
}

/** @param {AsyncIterator<string>} lines */
async function nextMessage(lines) {
  const { value, done } = await lines.next();
  if (done) process.exit(0);
  return JSON.parse(value);
}

/** @param {object} message */
function say(message) {
  return write(Buffer.from(`${JSON.stringify(message)}\n`));
}

/** @param {Buffer} bytes */
async function write(bytes) {
  if (!control.write(bytes)) await once(control, 'drain');
}

/** @param {BuildOrder} order */
async function resolve({ dependencies, registry, scripts }) {
  fs.mkdirSync(projectDir, { recursive: true });
  const allowScripts = Object.fromEntries(scripts.map((name) => [name, true]));
  const project = { name: 'layer', version: '1.0.0', private: true, dependencies, allowScripts };
  fs.writeFileSync(path.join(projectDir, 'package.json'), JSON.stringify(project));
  await npm('resolve', ['install', '--package-lock-only', '--ignore-scripts'], registry);
}

/** @param {BuildOrder} order */
async function install({ registry, scripts, limits }) {
  await npm('install', ['ci', '--ignore-scripts'], registry, limits.layerBytes);
  const present = scripts.filter((name) => isInstalled(name));
  const rebuild = ['rebuild', '--foreground-scripts', ...present];
  if (present.length > 0) await npm('scripts', rebuild, registry, limits.layerBytes);
}

/** @param {number} layerBytes */
function requireRoom(layerBytes) {
  const { bytes, sizes } = measurePackages(MODULES);
  if (bytes > layerBytes) throw new BuildError('pack', tooLarge(layerBytes, sizes));
}

/**
 * Looks at what npm has installed so far, while it does: where there is no room any more, npm ends without a
 * word, and takes away what would have said why.
 * @param {number} layerBytes
 * @returns {string | null} what is wrong
 */
function problemSoFar(layerBytes) {
  const { bsize, blocks, bfree, ffree } = fs.statfsSync(workDir);
  const isFull = bfree * bsize < FULL_BYTES || ffree < FULL_FILES;
  if (!isFull && (blocks - bfree) * bsize <= layerBytes) return null;
  const { bytes, sizes } = measurePackages(MODULES);
  return isFull || bytes > layerBytes ? tooLarge(layerBytes, sizes) : null;
}

/** @param {string} name */
function isInstalled(name) {
  const { packages } = JSON.parse(fs.readFileSync(LOCK, 'utf8'));
  return Object.keys(packages).some((place) => place.endsWith(`node_modules/${name}`));
}

/**
 * @param {'resolve' | 'install' | 'scripts'} step
 * @param {string[]} args
 * @param {string} registry
 * @param {number | null} layerBytes  of the packages that it installs; null: it installs none
 */
async function npm(step, args, registry, layerBytes = null) {
  const command = [path.join(npmDir, 'bin/npm-cli.js'), ...args, ...npmOptions(registry)];
  const child = spawn(process.execPath, command, {
    cwd: projectDir,
    env: {
      ...process.env,
      HOME: path.join(workDir, 'home'),
      PATH: `${path.dirname(process.execPath)}:${process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin'}`,
    },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (/** @type {Buffer} */ chunk) => {
    process.stderr.write(chunk);
    said = (said + chunk.toString()).slice(-KEPT_CHARACTERS);
  });
  /** @type {string | null} */
  let problem = null;
  // Scripts may fill the room for a while and clear it up again: of theirs only what they leave counts.
  const isWatched = step === 'install' && layerBytes !== null;
  const watch = setInterval(() => {
    problem ??= isWatched ? problemSoFar(layerBytes) : null;
    if (problem !== null) child.kill('SIGKILL');
  }, LOOK_EVERY_MS);
  const [code, signal] = await once(child, 'close').finally(() => clearInterval(watch));
  if (code !== 0 && layerBytes !== null) {
    problem ??=
      problemSoFar(layerBytes) ??
      (/ENOSPC|no space left/.test(said) ? tooLarge(layerBytes, new Map()) : null);
  }
  if (problem !== null) throw new BuildError('pack', problem);
  if (code !== 0) throw new BuildError(step, npmReason(said) ?? `npm ended with ${signal ?? code}`);
}

/** @param {string} registry */
function npmOptions(registry) {
  return [
    ...[`--registry=${registry}/`, `--cache=${path.join(workDir, 'cache')}`],
    // Neither is there: nobody's settings count.
    ...[`--userconfig=${path.join(workDir, 'user')}`, `--globalconfig=${path.join(workDir, 'global')}`],
    ...['--loglevel=http', '--color=false'],
    ...['--no-audit', '--no-fund', '--no-update-notifier', '--no-progress', '--no-bin-links', '--omit=dev'],
    // Packages come from the registry alone, those that others need too.
    ...['--allow-git=none', '--allow-remote=none', '--allow-file=none', '--allow-directory=none'],
    ...['--fetch-retries=2', '--fetch-retry-mintimeout=300', '--fetch-retry-maxtimeout=3000'],
  ];
}

/**
 * What npm calls an error, without its prefix and the place of a log file that nobody can open.
 * @param {string} stderr
 */
function npmReason(stderr) {
  const lines = stderr
    .split('\n')
    .filter((line) => /^npm (error|ERR!)/.test(line))
    .map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim())
    .filter((line) => line !== '' && !/^A complete log|_logs\//.test(line));
  return lines.length === 0 ? null : lines.join('\n');
}
