// One instance to a data dir: a lock of the kernel's on a file in it. The kernel lets it go when we die,
// however we die, so there is no stale lock to explain.
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { StartError } from '../process/start-error.ts';

/**
 * Takes the lock for the rest of this process's life.
 * @throws StartError when another instance has it
 */
export function lockDataDir(dataDir: string): void {
  makeDataDir(dataDir);
  const holder = holdDataDir(dataDir);
  if (holder === null) return;
  throw new StartError(`another Millrace (process ${holder}) is running on ${dataDir}; stop it first`);
}

/**
 * The same for one who can do without the lock.
 * @returns null when we have it, otherwise the process id of the process that does
 */
export function holdDataDir(dataDir: string): string | null {
  const file = path.join(dataDir, 'lock');
  // Kept open until we end; children don't inherit it. The folder is the server's: what lies there may be a
  // trap for root.
  const descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  const found = fstatSync(descriptor);
  if (!found.isFile() || found.nlink !== 1)
    throw new StartError(`${file} is not a file of Millrace's: remove it`);
  // flock(1) locks the open file that it shares with us, and the lock stays with us when it ends.
  const stdio = ['ignore', 'ignore', 'ignore', descriptor] as const;
  const { status, error } = spawnSync('flock', ['--exclusive', '--nonblock', '3'], { stdio: [...stdio] });
  if (error !== undefined) throw new StartError(`flock (package util-linux) is needed: ${error.message}`);
  if (status !== 0) return readFileSync(descriptor, 'utf8').trim();
  ftruncateSync(descriptor);
  writeSync(descriptor, `${process.pid}\n`, 0);
  return null;
}

function makeDataDir(dataDir: string): void {
  if (/^\/(proc|sys|dev)(\/|$)/.test(dataDir))
    throw new StartError(`MILLRACE_DATA_DIR: ${dataDir} is no place for data`);
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK);
  } catch (error) {
    throw new StartError(`MILLRACE_DATA_DIR: ${(error as Error).message}`);
  }
}
