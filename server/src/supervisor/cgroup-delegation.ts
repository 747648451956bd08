// Hands cgroup v2 controllers down to our folder. The kernel refuses that while a folder other than the root has processes
// of its own ("no internal processes"), so those move into a leaf beside ours, and back at the end. Called by cgroups.ts.
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Controller } from './cgroup-plan.ts';
import { processesIn } from './cgroup-processes.ts';

export type DelegationParams = {
  /** Folder of the hierarchy under which ours is made. */
  dir: string;
  /** Our folder's name. */
  name: string;
  controllers: readonly Controller[];
};

/** @returns how to put everything back once our folder is gone */
export function delegate({ dir, name, controllers }: DelegationParams): { undo(): void } {
  const leaf = path.join(dir, `${name}-platform`);
  const ours = path.join(dir, name);
  const write = (folder: string, sign: '+' | '-'): void =>
    writeFileSync(
      path.join(folder, 'cgroup.subtree_control'),
      controllers.map((one) => sign + one).join(' '),
    );
  // The hierarchy's real root, which may have both processes and children, is known by the lack of this file.
  const mustBeEmpty = existsSync(path.join(dir, 'cgroup.type'));
  if (mustBeEmpty) moveProcesses(dir, leaf);
  write(dir, '+');
  mkdirSync(ours, { recursive: true });
  write(ours, '+');
  return {
    undo: () => {
      if (!existsSync(leaf)) return;
      write(dir, '-');
      moveProcesses(leaf, dir);
      rmdirSync(leaf);
    },
  };
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
