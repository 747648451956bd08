// Starts Millrace as an ordinary user of this machine, for promises about life without root. The user is made
// at the first use, like a daemon's. In a mount namespace of its own, /dev/net/tun is open to all, as
// distributions have it, or closed.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { planCgroups } from '../../../supervisor/cgroup-plan.ts';
import { cgroupFacts } from '../../../supervisor/system-facts.ts';
import { openEngineInstaller } from '../../src/engines/engine-installer.ts';
import type { StartOptions } from './start-millrace.ts';

const NAME = 'millrace-test';
/** The program. */
export const MAIN = path.resolve(import.meta.dirname, '../../../launcher/main.ts');

/** @returns its id. @throws Error when it can't be made */
export function ordinaryUser(): number {
  const found = idOf();
  if (found !== null) return found;
  const options = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent'];
  // Another test file may make it at the same time.
  const { stderr } = spawnSync('useradd', [...options, NAME], { encoding: 'utf8' });
  const made = idOf();
  if (made === null) throw new Error(`no user can be made: ${stderr}`);
  return made;
}

function idOf(): number | null {
  const { status, stdout } = spawnSync('id', ['-u', NAME], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : null;
}

export type OrdinaryStart = {
  /** Whether the user may open /dev/net/tun. */
  tun: 'open' | 'closed';
  /** Cgroups to be in, as a service manager gives them to a user. */
  cgroups?: OwnCgroups;
};

/** What {@link startMillrace} needs to start it as the ordinary user, on a data dir of their own. */
export async function asOrdinaryUser({
  tun,
  cgroups,
}: OrdinaryStart): Promise<StartOptions & { dataDir: string }> {
  const uid = ordinaryUser();
  const dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-data-'));
  chownSync(dataDir, uid, -1);
  // They can't install into the engines that all tests share.
  const enginesDir = process.env.MILLRACE_ENGINES_DIR;
  if (enginesDir !== undefined) await ensureEngines(enginesDir);
  const script = `for procs in ${cgroups?.procsFiles.join(' ') ?? ''}; do echo $$ >"$procs"; done
    mount -t tmpfs -o mode=0755 tmpfs /mnt
    mknod -m ${tun === 'open' ? '0666' : '0600'} /mnt/tun c 10 200
    mount --bind /mnt/tun /dev/net/tun
    exec setpriv --reuid ${uid} --regid ${uid} --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs "$@"`;
  return {
    dataDir,
    // The PATH of one who isn't root.
    env: { PATH: `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`, HOME: '/nonexistent' },
    command: ['unshare', '--mount', 'sh', '-c', script, 'sh', process.execPath, MAIN, 'start'],
  };
}

async function ensureEngines(enginesDir: string): Promise<void> {
  const engines = openEngineInstaller({ enginesDir, log: pino({ level: 'silent' }) });
  for (const major of [20, 24]) await engines.ensure(major);
  await engines.close();
}

/** Process ids of everything that runs as the ordinary user. */
export function processesOf(uid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name) && uidOf(name) === uid)
    .map(Number);
}

function uidOf(pid: string): number | null {
  const file = `/proc/${pid}/status`;
  try {
    const status = readFileSync(file, 'latin1');
    // What has ended and isn't taken in yet holds nothing.
    return /^State:\tZ/m.test(status) ? null : Number(/^Uid:\t([0-9]+)/m.exec(status)?.[1]);
  } catch {
    return null;
  }
}

export type OwnCgroups = { dirs: string[]; procsFiles: string[]; remove(): void };

/** Folders for memory, cpu and pids that belong to the user. */
export function ownCgroups(uid: number): OwnCgroups {
  const plan = planCgroups(cgroupFacts());
  const hierarchies = [plan.memory, plan.cpu, plan.pids];
  const dirs = [...new Set(hierarchies.map(({ dir }) => path.join(dir, `mrtest-${process.pid}`)))];
  for (const { version, dir } of hierarchies) {
    if (version === 2) writeFileSync(path.join(dir, 'cgroup.subtree_control'), '+memory +cpu +pids');
  }
  for (const dir of dirs) {
    mkdirSync(dir);
    for (const name of ['.', 'cgroup.procs', 'cgroup.subtree_control', 'cgroup.threads']) {
      if (existsSync(path.join(dir, name))) chownSync(path.join(dir, name), uid, -1);
    }
  }
  return {
    dirs,
    procsFiles: dirs.map((dir) => path.join(dir, 'cgroup.procs')),
    remove: () => execFileSync('find', [...dirs, '-depth', '-type', 'd', '-delete']),
  };
}
