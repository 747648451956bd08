// Brings the database to the schema of this version: applies the numbered files of sql/ that it hasn't seen,
// in order, each in a transaction of its own. Forward only. Safe when several nodes start at once.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { lockWhole } from './advisory-locks.ts';
import type { Database } from './database.ts';

export type Migration = { number: number; name: string; sql: string };

const FILE = /^([0-9]{4})_([a-z0-9_]+)\.sql$/;

/** The migrations of a folder, in order. */
export function readMigrations(folder: string): Migration[] {
  return readdirSync(folder)
    .flatMap((file) => {
      const match = FILE.exec(file);
      if (match === null) return [];
      return [
        {
          number: Number(match[1]),
          name: match[2] as string,
          sql: readFileSync(path.join(folder, file), 'utf8'),
        },
      ];
    })
    .sort((a, b) => a.number - b.number);
}

/** The folder of Millrace's own migrations. */
export function migrationsDir(): string {
  return path.resolve(import.meta.dirname, '../../sql');
}

/**
 * @returns the names of the migrations that were applied now
 * @throws Error when the database is newer than this program
 */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<string[]> {
  await database.query(
    'create table if not exists migrations (number integer primary key, name text not null, applied_at timestamptz not null default now())',
  );
  const applied: string[] = [];
  for (const migration of migrations) {
    const isNew = await database.transaction(async (sql) => {
      // One node at a time.
      await lockWhole(sql, 'migrations');
      const seen = await sql.query('select 1 from migrations where number = $1', [migration.number]);
      if (seen.length > 0) return false;
      await sql.query(migration.sql);
      await sql.query('insert into migrations (number, name) values ($1, $2)', [
        migration.number,
        migration.name,
      ]);
      return true;
    });
    if (isNew) applied.push(migration.name);
  }
  await refuseNewerSchema(database, migrations);
  return applied;
}

async function refuseNewerSchema(database: Database, migrations: readonly Migration[]): Promise<void> {
  const known = migrations.at(-1)?.number ?? 0;
  const [row] = await database.query<{ newest: number | null }>(
    'select max(number) as newest from migrations',
  );
  const newest = row?.newest ?? 0;
  if (newest > known) {
    throw new Error(
      `the database has schema ${newest}, this Millrace knows ${known}: start a newer Millrace on it`,
    );
  }
}
