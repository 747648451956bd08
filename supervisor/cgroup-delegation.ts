// Hands cgroup v2 controllers down to our folder. The kernel refuses that while a folder other than the root
// has processes of its own ("no internal processes"), so those move into a leaf beside ours, which all
// installations in that folder share, and back when the last of them ends. Called by cgroups.ts.
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Controller, PLATFORM_LEAF } from './cgroup-plan.ts';
import { processesIn } from './cgroup-processes.ts';

const HANDED_DOWN = 'cgroup.subtree_control';
const POLL_MS = 5;
/** How long processes that begin and end, or another installation that starts or ends, may be in the way. */
const SETTLE_WITHIN_MS = 5_000;

export type DelegationParams = {
  /** Folder of the hierarchy under which ours is made. */
  dir: string;
  /** Our folder's name. */
  name: string;
  controllers: readonly Controller[];
};

/** `undo` puts everything back once our folder is gone, unless another installation needs it. */
export type Delegation = { undo(): Promise<void> };

/** @throws Error when there are processes that can't be moved, or a controller is not there to hand down */
export async function delegate({ dir, name, controllers }: DelegationParams): Promise<Delegation> {
  const leaf = path.join(dir, PLATFORM_LEAF);
  const ours = path.join(dir, name);
  const handDown = (folder: string): void =>
    writeFileSync(path.join(folder, HANDED_DOWN), controllers.map((one) => `+${one}`).join(' '));
  // The hierarchy's real root, which may have both processes and children, is known by the lack of this file.
  const mustBeEmpty = existsSync(path.join(dir, 'cgroup.type'));
  await onceSettled(() => {
    if (mustBeEmpty) moveProcesses(dir, leaf);
    handDown(dir);
    mkdirSync(ours, { recursive: true });
    handDown(ours);
  });
  return {
    undo: async () => {
      if (!existsSync(leaf)) return;
      try {
        takeBack(dir);
        await onceSettled(() => {
          moveProcesses(leaf, dir);
          rmdirSync(leaf);
        });
      } catch (error) {
        // Another installation has jails in here, or has just begun to, or has put everything back in the
        // same moment.
        if (!isInTheWay(error)) throw error;
      }
    },
  };
}

/** All controllers: an OCI runtime hands down others than ours. */
function takeBack(dir: string): void {
  const file = path.join(dir, HANDED_DOWN);
  const handed = readFileSync(file, 'utf8').trim().split(' ').filter(Boolean);
  writeFileSync(file, handed.map((one) => `-${one}`).join(' '));
}

/** Tries again while something is in the way. */
async function onceSettled(step: () => void): Promise<void> {
  const deadline = performance.now() + SETTLE_WITHIN_MS;
  for (;;) {
    try {
      return step();
    } catch (error) {
      if (!isInTheWay(error) || performance.now() > deadline) throw error;
    }
    await delay(POLL_MS);
  }
}

/**
 * Processes in a folder that must have none, or a folder or controller that another installation has just
 * taken away.
 */
function isInTheWay(error: unknown): boolean {
  return ['EBUSY', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function moveProcesses(from: string, to: string): void {
  const pids = processesIn(from);
  if (pids.length === 0) return;
  mkdirSync(to, { recursive: true });
  for (const pid of pids) {
    try {
      writeFileSync(path.join(to, 'cgroup.procs'), String(pid));
    } catch (error) {
      // It ended between being listed and being moved.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
