// Ends what a former life of ours left running on a cluster: a PostgreSQL whose master lives, and connections
// whose master was killed. These end by themselves when their turn on the processor comes, which may be late
// on a busy machine, and hold the cluster's shared memory until then: no other starts beside them. Called by
// embedded-postgres.ts, whose caller holds the data dir's lock.
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

const STOP_TIMEOUT_MS = 30_000;
const LOOK_EVERY_MS = 20;

/** Named by its port, which it keeps though it listens on no network. */
const SOCKET_LOCK = '.s.PGSQL.5432.lock';

/**
 * Leaves neither process nor lock of a former start.
 * @throws Error when one doesn't end even when it is killed
 */
export async function endOrphans(clusterDir: string, socketDir: string, log: Logger): Promise<void> {
  for (const pid of processesAt(clusterDir).filter(isMaster)) {
    log.warn({ pid }, 'a PostgreSQL of a former start still runs on this cluster: ending it');
    await end(pid, 'SIGINT').catch(() => end(pid, 'SIGKILL'));
  }
  // Without a master they can do nothing more, and recovery makes good what they were at.
  const left = processesAt(clusterDir);
  if (left.length > 0) {
    log.warn({ pids: left }, 'connections of a former start still hold this cluster: ending them');
    await Promise.all(left.map((pid) => end(pid, 'SIGKILL')));
  }
  removeDeadLock(path.join(clusterDir, 'postmaster.pid'));
  removeDeadLock(path.join(socketDir, SOCKET_LOCK));
}

/**
 * PostgreSQL takes a lock for held while any process bears the id in it: one that ended and that nobody has
 * asked after yet (in a container, the first process may never do so), or another that got the id meanwhile.
 */
function removeDeadLock(file: string): void {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (!isPostgres(Math.abs(Number.parseInt(text, 10)))) rmSync(file, { force: true });
}

/** @throws Error when it has not ended after a while */
async function end(pid: number, signal: NodeJS.Signals): Promise<void> {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended between being found and being ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
  for (const giveUpAt = Date.now() + STOP_TIMEOUT_MS; isPostgres(pid); await sleep(LOOK_EVERY_MS)) {
    if (Date.now() > giveUpAt) throw new Error(`PostgreSQL ${pid} of a former start does not end`);
  }
}

/**
 * PostgreSQL's processes work in their cluster's folder, whatever their titles and by whatever path they came
 * there. The process ids in its lock files are not asked: after a power cut they may be another's.
 */
function processesAt(clusterDir: string): number[] {
  const cluster = statSync(clusterDir, { throwIfNoEntry: false });
  if (cluster === undefined) return [];
  const pids = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      const { dev, ino } = statSync(`/proc/${pid}/cwd`);
      return dev === cluster.dev && ino === cluster.ino && isPostgres(pid);
    } catch {
      // It has ended meanwhile, or is another user's, whom no PostgreSQL of ours would run as.
      return false;
    }
  });
}

/** A master bears the program's path, the others a title: `postgres: checkpointer`. */
function isPostgres(pid: number): boolean {
  return isMaster(pid) || commandOf(pid).startsWith('postgres:');
}

function isMaster(pid: number): boolean {
  return commandOf(pid).endsWith('/postgres');
}

/** Empty for one that has ended. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? '';
  } catch {
    return '';
  }
}
