// `npm run backup:verify`: shows that a copy can be restored, by doing so: lays it out in a folder of its
// own, starts it, reads every page, and opens with the master key what was sealed with it. Changes neither
// the copy nor the installation. Called by carry-out-copy.ts.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from 'pino';
import type { CopyOrder } from '../../../contract/copy-order.ts';
import { StartError } from '../../../process/start-error.ts';
import { findFirstAccount } from '../accounts/account-store.ts';
import { type CopyManifest, readManifest, totalBytes } from '../backups/copy-manifest.ts';
import { layOut, layOutCopy } from '../backups/lay-out-copy.ts';
import { type Counts, countAll, recoverCluster } from '../backups/recover-cluster.ts';
import type { Config } from '../config/config.ts';
import { keeperOf } from '../environment/key-keepers.ts';
import { masterKeyFile } from '../environment/master-key.ts';
import type { Database } from '../postgres/database.ts';
import { EMBEDDED_MAJOR, embeddedBinDir } from '../postgres/embedded-postgres.ts';
import { openKeys } from './open-first-account.ts';

/** @returns what to print. @throws StartError */
export async function verifyCopy(config: Config, order: CopyOrder, log: Logger): Promise<string[]> {
  return await tryCopy({ config, order, log }, async (database, key) =>
    toldOfContents(await lookAt(database, key)),
  );
}

type Trial = { config: Config; order: CopyOrder; log: Logger };

/**
 * Starts the copy in a folder of its own.
 * @param look is given the database, which goes afterwards. @returns what to print
 * @throws StartError
 */
export async function tryCopy(
  { config, order, log }: Trial,
  look: (database: Database, key: Key) => Promise<string[]>,
): Promise<string[]> {
  const { folder, operatorFolder, scratch } = order;
  if (scratch === null) throw new Error('there is no folder to try the copy in');
  const manifest = await readManifest(folder, operatorFolder);
  requireSamePostgres(manifest);
  const clusterDir = path.join(scratch, 'postgres');
  await layOutCopy(manifest, { ...order, clusterDir });
  const key = await findKey(config, manifest, order);
  const socketDir = path.join(scratch, 'pg');
  const place = { clusterDir, socketDir, binDir: embeddedBinDir(), commandPrefix: [] };
  const looked = await recoverCluster({ place, archive: null, to: null }, log, (database) =>
    look(database, key),
  );
  return [...toldOfFiles(manifest, operatorFolder), ...looked, toldOfKey(key)];
}

/** Whose binaries are another major version's could only break it. */
export function requireSamePostgres({ postgres }: CopyManifest): void {
  if (postgres === EMBEDDED_MAJOR) return;
  throw new StartError(
    `this copy is of PostgreSQL ${postgres}, and this Millrace brings ${EMBEDDED_MAJOR}: restore it with the Millrace that made it`,
  );
}

/** Where the master key lies; null: nowhere. */
export type Key = { config: Config; told: string } | null;

async function findKey(config: Config, manifest: CopyManifest, order: CopyOrder): Promise<Key> {
  const copied = manifest.files.find((file) => file.path === path.basename(masterKeyFile('')));
  const { scratch } = order;
  if (copied !== undefined && scratch !== null) {
    await layOut(copied, masterKeyFile(scratch), order);
    const place = {
      masterKey: null,
      masterKeyPath: null,
      keyService: null,
      dataDir: scratch,
      operatorDataDir: order.operatorFolder,
    };
    return { config: { ...config, ...place }, told: 'the one of the copy' };
  }
  return keyOfInstallation(config);
}

export function keyOfInstallation(config: Config): Key {
  const keeper = keeperOf(config);
  if (keeper !== null) return { config, told: keeper.told };
  if (!existsSync(masterKeyFile(config.dataDir))) return null;
  return { config, told: masterKeyFile(config.operatorDataDir) };
}

export type Looked = { counts: Counts; at: Date | null };

/** @throws StartError when the key is another, or nothing of an installation is in it */
export async function lookAt(database: Database, key: Key): Promise<Looked> {
  const account = await findFirstAccount(database);
  if (account === null) throw new StartError('the copy holds no account: it is no copy of an installation');
  if (key !== null) await openKeys(key.config, database, account.id);
  const [row] = await database.query<{ at: Date | null }>('select pg_last_xact_replay_timestamp() as at');
  return { counts: await countAll(database), at: row?.at ?? null };
}

function toldOfFiles(manifest: CopyManifest, shown: string): string[] {
  const size = `${(totalBytes(manifest) / 1024 ** 2).toFixed(1)} MiB in ${manifest.files.length} files`;
  return [`  backup   ${shown}, of ${manifest.ended_at}: ${size}, each as it was copied`];
}

/** Of which an operator knows about how many there are, with the tables that they are in. */
const NAMED = {
  accounts: ['accounts'],
  functions: ['functions'],
  versions: ['versions'],
  runs: ['runs', 'ended_runs'],
  events: ['events'],
};

export function toldOfContents({ counts, at }: Looked): string[] {
  const named = Object.entries(NAMED).map(
    ([name, tables]) => `${name} ${tables.reduce((sum, table) => sum + (counts.of[table] ?? 0), 0)}`,
  );
  const last = at === null ? '' : `, the last change of ${at.toISOString()}`;
  return [`  holds    ${counts.tables} tables, ${counts.rows} rows: ${named.join(', ')}${last}`];
}

export function toldOfKey(key: Key): string {
  return key === null
    ? '  key      not tried: there is none here'
    : `  key      ${key.told} opens what is sealed in it`;
}
