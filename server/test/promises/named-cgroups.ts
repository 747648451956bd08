// The cgroups of this machine that bear a name, in every hierarchy. Other installations' come and go while it
// looks: `find` fails then, even when it is asked not to (-ignore_readdir_race). For the tests that nothing
// is left over.
import { readdirSync } from 'node:fs';
import path from 'node:path';

/** What a folder says that goes while it is read. */
const GONE = ['ENOENT', 'ENODEV'];

/** @returns paths */
export function namedCgroups(name: string, dir = '/sys/fs/cgroup'): string[] {
  return foldersIn(dir).flatMap((folder) => {
    const below = path.join(dir, folder);
    return [...(folder === name ? [below] : []), ...namedCgroups(name, below)];
  });
}

function foldersIn(dir: string): string[] {
  try {
    const entries = readdirSync(dir, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (!GONE.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return [];
  }
}
