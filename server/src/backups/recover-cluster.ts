// Brings a laid out copy to its moment: starts PostgreSQL on it, which reads the write-ahead log up to there,
// and counts what it then holds, every page of it. Recovery always begins a timeline of its own: what is
// written afterwards never overwrites the archive of what was. Called by roles/carry-out-copy.ts.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { StartError } from '../../../process/start-error.ts';
import { type Database, openDatabase } from '../postgres/database.ts';
import { type EmbeddedPostgresPlace, startEmbeddedPostgres } from '../postgres/embedded-postgres.ts';
import { restoreSettings } from '../postgres/wal-archive.ts';

export type Recovery = {
  place: EmbeddedPostgresPlace;
  /** Folder of archived write-ahead log; null: the copy's own log alone. */
  archive: string | null;
  /** ISO 8601; null: to the end of the log. */
  to: string | null;
};

/**
 * @param look is given the recovered database; afterwards it is stopped
 * @throws StartError when the moment isn't reached
 */
export async function recoverCluster<T>(
  { place, archive, to }: Recovery,
  log: Logger,
  look: (database: Database) => Promise<T>,
): Promise<T> {
  await writeFile(path.join(place.clusterDir, 'recovery.signal'), '', { mode: 0o600 });
  const settings = [...(place.settings ?? []), ...restoreSettings(archive, to)];
  const postgres = await startEmbeddedPostgres({ ...place, settings }, log).catch((error: Error) =>
    explainRecovery(error, to),
  );
  const database = openDatabase(postgres.url, () => {}, 2, 0);
  try {
    return await look(database);
  } finally {
    await database.close();
    await postgres.stop();
  }
}

function explainRecovery(error: Error, to: string | null): never {
  if (error.message.includes('before configured recovery target was reached')) {
    throw new StartError(
      `the write-ahead log ends before ${to}: restore to an earlier moment, or without one`,
    );
  }
  throw new StartError(`the copy does not start: ${error.message}`);
}

export type Counts = { tables: number; rows: number; of: Record<string, number> };

/** Reads every page of every table: PostgreSQL compares its checksum on the way. */
export async function countAll(database: Database): Promise<Counts> {
  // Parts of a table are shown as it.
  const tables = await database.query<{ name: string; shown: string }>(
    `select oid::regclass::text as name, coalesce(
       (select whole.relname from pg_inherits join pg_class whole on whole.oid = inhparent where inhrelid = pg_class.oid),
       relname) as shown
     from pg_class where relkind in ('r', 't') and relnamespace in ('public'::regnamespace, 'pg_toast'::regnamespace)
       and (relkind = 'r' or reltoastrelid = 0) order by relname`,
  );
  return await database.transaction(async (sql) => {
    await sql.query('set local enable_indexonlyscan = off');
    const counts: Counts = { tables: 0, rows: 0, of: {} };
    for (const { name, shown } of tables) {
      const [row] = await sql.query<{ rows: number }>(`select count(*) as rows from ${name}`);
      if (name.startsWith('pg_toast.')) continue;
      counts.tables += 1;
      counts.rows += row?.rows ?? 0;
      counts.of[shown] = (counts.of[shown] ?? 0) + (row?.rows ?? 0);
    }
    return counts;
  });
}
