// Copies a cluster while it serves: PostgreSQL's low-level base backup, since the one that is shipped with us
// has no pg_basebackup. Between pg_backup_start and pg_backup_stop files may be copied at any moment of
// their life; the write-ahead log of that time makes them one moment's. Writes below the copy's folder alone.
// When it is killed, PostgreSQL ends the backup with its connection. Called by roles/carry-out-copy.ts.
import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { mkdir, readdir, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { StartError } from '../../../process/start-error.ts';
import { inOrder, isCopied, segmentsBetween } from './cluster-files.ts';
import { copyFile } from './copy-file.ts';
import { CLUSTER, type CopiedFile, type CopyManifest } from './copy-manifest.ts';

type Place = {
  /** Of the running database. */
  url: string;
  clusterDir: string;
  /** The copy's, which is there. */
  folder: string;
  /** Aborted: no further file is copied. */
  stopping: AbortSignal;
};

export type BaseBackup = Pick<CopyManifest, 'postgres' | 'schema' | 'wal' | 'folders' | 'files'>;

/** @throws StartError when there is no room, or the write-ahead log didn't stay */
export async function copyCluster(place: Place): Promise<BaseBackup> {
  // A connection of its own: the backup is its session's. Its statements may take long.
  const client = new pg.Client({ connectionString: place.url, application_name: 'millrace backup' });
  await client.connect();
  try {
    return await copyWith(client, place);
  } finally {
    await client.end();
  }
}

/** A write-ahead log of a minute or two, and what tables grow by meanwhile. */
const SPARE_BYTES = 64 * 1024 * 1024;

async function copyWith(client: pg.Client, { clusterDir, folder, stopping }: Place): Promise<BaseBackup> {
  await requireRoom(client, folder);
  // Gone with this connection, however it ends: until then no segment of the log is used again.
  await client.query(
    `select pg_create_physical_replication_slot('millrace_backup_' || pg_backend_pid(), true, true)`,
  );
  const start = await one<{ first: string }>(
    client,
    `select pg_walfile_name(lsn + 1) as first from pg_backup_start('millrace', fast => true) as lsn`,
  );
  const target = path.join(folder, CLUSTER);
  const found = await listBelow(clusterDir);
  const folders = [...found.folders.filter(isCopied), ...LOG_FOLDERS];
  for (const name of folders) await mkdir(path.join(target, name), { recursive: true, mode: 0o700 });
  const files = await copyAll(inOrder(found.files.filter(isCopied)), {
    from: clusterDir,
    to: target,
    stopping,
  });
  const stop = await one<{ last: string; labelfile: string }>(
    client,
    `select pg_walfile_name(lsn) as last, labelfile from pg_backup_stop(wait_for_archive => false)`,
  );
  const wal = { first: start.first, last: stop.last };
  files.push(
    await writeLabel(target, stop.labelfile),
    ...(await copyLog(wal, { from: clusterDir, to: target, stopping })),
  );
  const facts = await one<{ postgres: number; schema: number }>(
    client,
    `select current_setting('server_version_num')::int / 10000 as postgres, max(number) as schema from migrations`,
  );
  return { ...facts, wal, folders, files };
}

/** Where copy and database share a disk, filling it would stop the database. */
async function requireRoom(client: pg.Client, folder: string): Promise<void> {
  const { needed } = await one<{ needed: string }>(
    client,
    `select sum(pg_database_size(oid)) + pg_database_size('postgres') / 100 as needed from pg_database`,
  );
  const { bavail, bsize } = await statfs(folder);
  const [neededBytes, freeBytes] = [Number(needed) + SPARE_BYTES, bavail * bsize];
  if (freeBytes >= neededBytes) return;
  throw new StartError(
    `the copy takes about ${mebibytes(neededBytes)} MiB, and its disk has ${mebibytes(freeBytes)} MiB free`,
  );
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / (1024 * 1024));
}

/** PostgreSQL 18 makes neither by itself. */
const LOG_FOLDERS = ['pg_wal/archive_status', 'pg_wal/summaries'];

async function listBelow(folder: string): Promise<{ folders: string[]; files: string[] }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = (kind: (entry: Dirent) => boolean): string[] =>
    entries.filter(kind).map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  return { folders: names((entry) => entry.isDirectory()), files: names((entry) => entry.isFile()) };
}

type Way = { from: string; to: string; stopping: AbortSignal };

/** What is dropped meanwhile isn't missed: the log says so. */
async function copyAll(names: readonly string[], { from, to, stopping }: Way): Promise<CopiedFile[]> {
  const copied: CopiedFile[] = [];
  for (const name of names) {
    stopping.throwIfAborted();
    try {
      const file = await copyFile(path.join(from, name), path.join(to, name));
      copied.push({ path: path.posix.join(CLUSTER, name), ...file });
    } catch (error) {
      const { code, path: which } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' || which !== path.join(from, name)) throw error;
    }
  }
  return copied;
}

/** It says where recovery begins: without it, a copy would look like a cluster that was killed. */
async function writeLabel(target: string, text: string): Promise<CopiedFile> {
  await writeFile(path.join(target, 'backup_label'), text, { mode: 0o600 });
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { path: path.posix.join(CLUSTER, 'backup_label'), bytes: Buffer.byteLength(text), sha256 };
}

async function copyLog(wal: CopyManifest['wal'], way: Way): Promise<CopiedFile[]> {
  const histories = (await readdir(path.join(way.from, 'pg_wal'))).filter((name) =>
    name.endsWith('.history'),
  );
  const names = [...histories, ...segmentsBetween(wal.first, wal.last)].map((name) => `pg_wal/${name}`);
  const copied = await copyAll(names, way);
  if (copied.length === names.length) return copied;
  throw new StartError('the write-ahead log of the copy did not stay: it is of no use. Try again');
}

async function one<Row extends pg.QueryResultRow>(client: pg.Client, text: string): Promise<Row> {
  const { rows } = await client.query<Row>(text);
  return rows[0] as Row;
}
