// `backup`, `verify-backup`, `check-upgrade` and `restore` (npm run backup, backup:verify, upgrade:check,
// restore): reads what was asked for,
// makes the folders, takes the data dir's lock where it is free, and has the work done as the data dir's
// owner, never as root. Reads and writes no copy itself. Called by main.ts.
import {
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { CopyOrder } from '../contract/copy-order.ts';
import type { Secrets } from '../process/secret-settings.ts';
import { StartError } from '../process/start-error.ts';
import type { Config } from '../server/src/config/config.ts';
import { isRoot, type Owner, ownerOf, runAsOwner } from './as-owner.ts';
import { holdDataDir, lockDataDir } from './data-dir-lock.ts';
import { refuseForeignDataDir } from './own-folders.ts';
import { ensureServerUser } from './server-user.ts';

export type CopyOrderer = (
  config: Config,
  /** What stands behind the command. */
  args: readonly string[],
  secrets: Secrets,
) => Promise<void>;

/** Does the work in this process, which is the owner's already. */
type CarryOutHere = (config: Config, order: CopyOrder) => Promise<void>;

/** @throws StartError */
export function orderBackup(here: CarryOutHere): CopyOrderer {
  return async (config, args, secrets) => {
    const asked = readArguments('backup -- FOLDER [--with-key]', args, { 'with-key': { type: 'boolean' } });
    refuseOtherDatabase(config);
    const owner = ownerOf(config.dataDir);
    const isMade = makeFolder(asked.folder, owner, config.dataDir);
    const order = newOrder('backup', asked.folder, {
      isServed: holdDataDir(config.dataDir) !== null,
      withKey: asked.values['with-key'] === true,
    });
    try {
      await carryOut({ config, order, owner, secrets, here });
    } catch (error) {
      if (isMade) rmdirSync(asked.folder);
      throw error;
    }
  };
}

/** @throws StartError */
export function orderTrial(work: 'verify' | 'upgrade-check', here: CarryOutHere): CopyOrderer {
  const command = work === 'verify' ? 'backup:verify' : 'upgrade:check';
  return async (config, args, secrets) => {
    const { folder } = readArguments(`${command} -- FOLDER`, args, {});
    refuseNoFolder(folder);
    const owner = ownUser();
    const scratch = mkdtempSync(path.join(tmpdir(), 'millrace-verify-'));
    if (owner !== null) lchownSync(scratch, owner.uid, owner.gid);
    try {
      const order = newOrder(work, folder, { scratch });
      await carryOut({ config: { ...config, walArchive: null }, order, owner, secrets, here });
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  };
}

/** @throws StartError */
export function orderRestore(here: CarryOutHere): CopyOrderer {
  return async (config, args, secrets) => {
    const asked = readArguments('restore -- FOLDER [--to TIME]', args, { to: { type: 'string' } });
    refuseNoFolder(asked.folder);
    const to = asked.values.to === undefined ? null : readTime(String(asked.values.to));
    if (to !== null && config.walArchive === null) {
      throw new StartError(
        '--to takes the archive of the write-ahead log: set MILLRACE_WAL_ARCHIVE as it was',
      );
    }
    refuseOtherDatabase(config);
    refuseForeignDataDir(config.dataDir);
    lockDataDir(config.dataDir);
    const owner = ownUser();
    if (owner !== null) {
      for (const one of [
        config.dataDir,
        ...readdirSync(config.dataDir).map((name) => path.join(config.dataDir, name)),
      ])
        if (lstatSync(one).uid === 0) lchownSync(one, owner.uid, owner.gid);
    }
    await carryOut({ config, order: newOrder('restore', asked.folder, { to }), owner, secrets, here });
  };
}

/** @throws StartError */
function refuseNoFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new StartError(`${folder} is no folder: name the one that holds the backup`);
}

type Asked = { folder: string; values: Record<string, string | boolean | undefined> };
type Options = Record<string, { type: 'string' | 'boolean' }>;

function readArguments(usage: string, args: readonly string[], options: Options): Asked {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [folder, ...more] = positionals;
    if (folder === undefined || more.length > 0) throw new Error('one folder is to be named');
    // npm starts us in the clone: it says where the command was given.
    const folderHere = path.resolve(process.env.INIT_CWD ?? process.cwd(), folder);
    return { folder: folderHere, values: values as Asked['values'] };
  } catch (error) {
    throw new StartError(`usage: npm run ${usage}: ${(error as Error).message}`);
  }
}

function newOrder(work: CopyOrder['work'], folder: string, more: Partial<CopyOrder>): CopyOrder {
  const nothing = { scratch: null, isServed: false, withKey: false, to: null };
  return { ...nothing, ...more, work, folder, operatorFolder: folder };
}

/** With a zone: what a wall clock shows may have been twice. */
function readTime(text: string): string {
  const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const at = new Date(text);
  if (isWhole && !Number.isNaN(at.getTime())) return at.toISOString();
  throw new StartError(`--to must be a time with its zone, as 2026-12-01T10:30:00Z, not ${text}`);
}

function refuseOtherDatabase({ databaseUrl }: Config): void {
  if (databaseUrl === null) return;
  throw new StartError(
    'MILLRACE_DATABASE_URL names a database of yours: save it by its own tools (docs/operate/backup.md)',
  );
}

/** Whom Millrace runs as here; null: this user. */
function ownUser(): Owner | null {
  return isRoot() ? ensureServerUser() : null;
}

/** @returns whether it was made now. @throws StartError when there is something in it */
function makeFolder(folder: string, owner: Owner, dataDir: string): boolean {
  if (`${folder}/`.startsWith(`${dataDir}/`)) {
    throw new StartError(`${folder} lies in the data directory, and would be lost with it`);
  }
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined;
  if (readdirSync(folder).length > 0) {
    throw new StartError(`${folder} is not empty: every backup has a folder of its own`);
  }
  if (isRoot()) lchownSync(folder, owner.uid, owner.gid);
  return made;
}

type Work = {
  config: Config;
  order: CopyOrder;
  /** null: this user. */
  owner: Owner | null;
  secrets: Secrets;
  here: CarryOutHere;
};

async function carryOut({ config, order, owner, secrets, here }: Work): Promise<void> {
  if (owner === null || !isRoot()) return await here(config, order);
  const { dataDir, walArchive } = config;
  const folders = {
    copy: order.folder,
    ...(order.scratch === null ? {} : { scratch: order.scratch }),
    ...(walArchive === null ? {} : { wal: walArchive }),
    ...(lstatSync(dataDir, { throwIfNoEntry: false }) === undefined ? {} : { data: dataDir }),
  };
  const task = {
    ...{ role: 'carry-out-copy', folders, failed: `no ${order.work}; the reason is above` },
    settings: (placed: Record<string, string>) => ({
      MILLRACE_DATA_DIR: placed.data ?? '/nonexistent',
      MILLRACE_WAL_ARCHIVE: placed.wal ?? '',
      MILLRACE_INTERNAL_DATA_DIR: dataDir,
      MILLRACE_INTERNAL_COPY: JSON.stringify({
        ...order,
        folder: placed.copy,
        scratch: placed.scratch ?? null,
      }),
    }),
  };
  await runAsOwner(owner, task, secrets);
}
