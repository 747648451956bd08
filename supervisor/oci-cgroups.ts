// Cgroups for OCI runtimes: they make a folder for a container in every hierarchy of the machine, also in
// those that we set no limit in, and leave it when they are killed. Removes these with ours. Composed by
// supervise.
import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { cgroupMounts } from './cgroup-plan.ts';
import type { Cgroups } from './cgroups.ts';

/** @param mountinfo /proc/self/mountinfo; @param name the installation's folder in each hierarchy */
export function withAllHierarchies(cgroups: Cgroups, mountinfo: string, name: string): Cgroups {
  const ours = cgroupMounts(mountinfo).map(({ dir }) => path.join(dir, name));
  const removeBelow = (id: string): void => {
    for (const dir of ours) removeTree(path.join(dir, id));
  };
  return {
    create: (id, limits) => {
      const cgroup = cgroups.create(id, limits);
      return {
        ...cgroup,
        // A runtime without --keep has removed the folder: what was counted in it is lost.
        outOfMemory: () => existsSync(cgroup.peakFile) && cgroup.outOfMemory(),
        peakBytes: () => (existsSync(cgroup.peakFile) ? cgroup.peakBytes() : null),
        remove: () => {
          cgroup.remove();
          removeBelow(id);
        },
      };
    },
    reap: async () => {
      const reaped = await cgroups.reap();
      for (const dir of ours) for (const child of childrenOf(dir)) removeTree(child);
      return reaped;
    },
    close: async () => {
      await cgroups.close();
      for (const dir of ours) removeTree(dir);
    },
  };
}

/**
 * Folders only: the files in a cgroup are the kernel's and go with it. Its runtime may be removing it, too.
 */
function removeTree(dir: string): void {
  for (const child of childrenOf(dir)) removeTree(child);
  unlessGone(() => rmdirSync(dir));
}

function childrenOf(dir: string): string[] {
  const entries = unlessGone(() => readdirSync(dir, { withFileTypes: true })) ?? [];
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(dir, name));
}

function unlessGone<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (!['ENOENT', 'ENODEV'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return null;
  }
}
