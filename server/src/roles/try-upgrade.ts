// `npm run upgrade:check`: what this version's migrations do to the data of a copy, and how long they take:
// tried, not guessed. Changes neither the copy nor the installation. Called by carry-out-copy.ts.
import type { Logger } from 'pino';
import type { CopyOrder } from '../../../contract/copy-order.ts';
import { explain } from '../../../process/explain.ts';
import type { Config } from '../config/config.ts';
import type { Database } from '../postgres/database.ts';
import { type Migration, migrate, migrationsDir, readMigrations } from '../postgres/migrate.ts';
import { lookAt, tryCopy } from './verify-copy.ts';

/** @returns what to print. @throws StartError */
export async function tryUpgrade(config: Config, order: CopyOrder, log: Logger): Promise<string[]> {
  return await tryCopy({ config, order, log }, async (database, key) => {
    const told = await explain('the upgrade fails on this data', () => upgrade(database));
    await lookAt(database, key);
    return told;
  });
}

async function upgrade(database: Database): Promise<string[]> {
  const migrations = readMigrations(migrationsDir());
  const pending = await pendingOf(database, migrations);
  const bytesBefore = await sizeOf(database);
  const since = performance.now();
  const told: string[] = [];
  for (const [at, migration] of pending.entries()) {
    const later = new Set(pending.slice(at + 1));
    const from = performance.now();
    await migrate(
      database,
      migrations.filter((one) => !later.has(one)),
    );
    told.push(`  upgrade  ${pad(migration.number)} ${migration.name}: ${secondsSince(from)}`);
  }
  // One that is older than the data is refused here, as at a start.
  await migrate(database, migrations);
  if (pending.length === 0)
    return ["  upgrade  nothing to migrate: the data has this version's schema already"];
  const size = `${mebibytes(bytesBefore)} MiB before, ${mebibytes(await sizeOf(database))} MiB after`;
  const many = pending.length === 1 ? '1 migration' : `${pending.length} migrations`;
  told.push(`  upgrade  ${many} in ${secondsSince(since)} on this machine; the database takes ${size}`);
  return told;
}

async function pendingOf(database: Database, migrations: readonly Migration[]): Promise<Migration[]> {
  const rows = await database.query<{ number: number }>('select number from migrations');
  const applied = new Set(rows.map(({ number }) => number));
  return migrations.filter(({ number }) => !applied.has(number));
}

async function sizeOf(database: Database): Promise<number> {
  const [row] = await database.query<{ bytes: number }>(
    'select pg_database_size(current_database()) as bytes',
  );
  return row?.bytes ?? 0;
}

function pad(number: number): string {
  return String(number).padStart(4, '0');
}

function secondsSince(from: number): string {
  return `${((performance.now() - from) / 1000).toFixed(1)} s`;
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(1);
}
