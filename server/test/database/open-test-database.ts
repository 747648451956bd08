// A real PostgreSQL for one test file: the embedded one, on a cluster of its own in a temporary folder,
// migrated. As root it runs as `nobody` and sees its binaries through a mount of its own, because the clone
// may lie where only root can look.
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { type Database, openDatabase } from '../../src/postgres/database.ts';
import { embeddedBinDir, startEmbeddedPostgres } from '../../src/postgres/embedded-postgres.ts';
import { migrate, migrationsDir, readMigrations } from '../../src/postgres/migrate.ts';

const NOBODY = 65_534;

export type TestDatabase = Database & {
  url: string;
  clusterDir: string;
  /** Put before a program of PostgreSQL's, which lies in `binDir` then: it runs as the database's user. */
  commandPrefix: readonly string[];
  binDir: string;
};

/**
 * Close it in an `after` hook: it ends the server and removes the cluster.
 * @param migrations `none` leaves the schema to whom is started on it
 */
export async function openTestDatabase(migrations: 'all' | 'none' = 'all'): Promise<TestDatabase> {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-pg-'));
  const isRoot = process.getuid?.() === 0;
  const socketDir = path.join(folder, 'socket');
  mkdirSync(socketDir);
  let binDir = embeddedBinDir();
  let commandPrefix: string[] = [];
  if (isRoot) {
    const nativeDir = path.join(folder, 'native');
    mkdirSync(nativeDir);
    for (const owned of [folder, socketDir]) chownSync(owned, NOBODY, NOBODY);
    const enter =
      'mount --bind "$0" "$1" && shift && exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"';
    commandPrefix = ['unshare', '--mount', 'sh', '-c', enter, path.dirname(binDir), nativeDir];
    binDir = path.join(nativeDir, 'bin');
  }
  const place = { clusterDir: path.join(folder, 'cluster'), socketDir, binDir, commandPrefix };
  const postgres = await startEmbeddedPostgres(place, pino({ level: 'silent' }));
  const database = openDatabase(postgres.url, () => {});
  if (migrations === 'all') await migrate(database, readMigrations(migrationsDir()));
  return {
    ...database,
    ...{ url: postgres.url, clusterDir: place.clusterDir, commandPrefix, binDir },
    close: async () => {
      await database.close();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
