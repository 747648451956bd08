// Which processes are in a cgroup. Called by cgroups.ts and cgroup-delegation.ts.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** @returns process ids; none where there is no such cgroup. Those of other pid namespaces show as 0 and are left out. */
export function processesIn(dir: string): number[] {
  const file = path.join(dir, 'cgroup.procs');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0);
}
