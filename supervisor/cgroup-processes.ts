// Which processes are in a cgroup, and whether all have left it. Called by cgroups.ts and
// cgroup-delegation.ts.
import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @returns process ids; none where there is no such cgroup. Those of other pid namespaces show as 0 and are
 * left out.
 */
export function processesIn(dir: string): number[] {
  return (textOf(path.join(dir, 'cgroup.procs')) ?? '')
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0);
}

/**
 * Whether a cgroup of version 2, or one below it, holds anything still: a process on its way out is listed no
 * more, and keeps the folder from being removed until it has gone. Version 1 lists it to the end, and has no
 * such file.
 */
export function isPopulated(dir: string): boolean {
  return /^populated 1$/m.test(textOf(path.join(dir, 'cgroup.events')) ?? '');
}

/**
 * @returns null where it isn't there, or goes while it is read: an OCI runtime removes what it has made by
 * itself
 */
function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (!['ENOENT', 'ENODEV'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return null;
  }
}
