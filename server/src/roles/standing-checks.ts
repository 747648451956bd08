// What of an installation can change while a server runs: its disk, its settings, the fork addon, the archive
// of the write-ahead log. Changes nothing. Asked by the API, and by the doctor among much else.
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { homeDir } from '../../../contract/paths.ts';
import { canFork, NO_FORK_WARNING } from '../../../contract/runtime-launch.ts';
import type { Config } from '../config/config.ts';
import { waitOfWal } from '../postgres/wal-archive.ts';
import { type Check, needed, Trouble } from './finding.ts';

export function standingChecks(config: Config): Check[] {
  return [forkAddon, diskSpace(config), ...walArchive(config), ...settings(config)];
}

function settings(config: Config): Check[] {
  if (config.warnings.length === 0) return [];
  const look = (): string => {
    throw new Trouble('warning', config.warnings.join('; '), 'correct or unset it');
  };
  return [{ subject: 'settings', look }];
}

/** A segment that waits so long doesn't wait for its turn. */
const LONGEST_WAIT_MS = 5 * 60_000;

function walArchive(config: Config): Check[] {
  if (config.walArchive === null) return [];
  const remedy =
    'see that MILLRACE_WAL_ARCHIVE can be written and has room; until then the data directory grows';
  const look = async (): Promise<string> => {
    const { segments, waitMs } = await waitOfWal(config.dataDir);
    const told = `${segments} segments of the database's log wait to be archived`;
    if (waitMs < LONGEST_WAIT_MS) return told;
    throw new Trouble('warning', `${told}, the first for ${Math.round(waitMs / 60_000)} minutes`, remedy);
  };
  return [{ subject: 'wal archive', look }];
}

const forkAddon: Check = {
  subject: 'fork addon',
  look: () => {
    if (canFork(path.join(homeDir(), 'runtimes/node'))) return 'built';
    throw new Trouble(
      'warning',
      NO_FORK_WARNING,
      'install a C compiler, make and Python 3, then run `npm start`',
    );
  },
};

const GIBIBYTE = 1024 ** 3;
/** Below it the database is in danger; below the other, engines and packages soon have no room. */
const LEAST_DISK_BYTES = GIBIBYTE / 2;
const COMFORTABLE_DISK_BYTES = 5 * GIBIBYTE;
const LEAST_INODES = 10_000;

function diskSpace(config: Config): Check {
  return needed('disk', 'make room on that disk', async () => {
    const { bavail, bsize, ffree, files } = await statfs(existingParent(config.dataDir));
    const freeBytes = bavail * bsize;
    const told = `${(freeBytes / GIBIBYTE).toFixed(1)} GiB free for ${config.operatorDataDir}`;
    if (freeBytes < LEAST_DISK_BYTES) throw new Error(told);
    if (files > 0 && ffree < LEAST_INODES)
      throw new Error(`only ${ffree} more files fit beside ${config.operatorDataDir}`);
    if (freeBytes >= COMFORTABLE_DISK_BYTES) return told;
    throw new Trouble(
      'warning',
      told,
      'an engine takes 0.2 GiB, unpacked code up to MILLRACE_BUNDLE_CACHE_MB',
    );
  });
}

/** @returns the folder, or what it will be made in */
export function existingParent(folder: string): string {
  return existsSync(folder) ? folder : existingParent(path.dirname(folder));
}
