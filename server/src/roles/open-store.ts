// Opens the database that the configuration names, or starts the embedded one, and brings it up to date.
import path from 'node:path';
import type { Logger } from 'pino';
import { explain } from '../../../process/explain.ts';
import type { Config } from '../config/config.ts';
import { type Database, openDatabase } from '../postgres/database.ts';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresPlace,
  embeddedBinDir,
  startEmbeddedPostgres,
} from '../postgres/embedded-postgres.ts';
import { migrate, migrationsDir, readMigrations } from '../postgres/migrate.ts';
import { archiveSettings } from '../postgres/wal-archive.ts';

export type Store = {
  url: string;
  database: Database;
  /** Resolves with the reason when the embedded database has ended by itself; never for another. */
  broken: Promise<string>;
};

/** @throws StartError naming the setting */
export async function openStore(
  config: Config,
  log: Logger,
  endings: { push(end: () => Promise<unknown>): void },
): Promise<Store> {
  let url = config.databaseUrl;
  let broken: Promise<string> = new Promise(() => {});
  if (url === null) {
    const postgres = await explain('the embedded database does not start', () => startEmbedded(config, log));
    endings.push(() => postgres.stop());
    broken = postgres.ended.then(() => 'the embedded database has ended by itself');
    url = postgres.url;
  }
  const onError = (error: Error): void =>
    log.warn({ reason: error.message }, 'a database connection was lost');
  const subject = config.databaseUrl === null ? 'the embedded database' : 'MILLRACE_DATABASE_URL';
  const applied = await explain(subject, () => bringUpToDate(url, onError));
  if (applied.length > 0) log.info({ migrations: applied }, 'the database was brought up to date');
  const database = openDatabase(url, onError);
  endings.push(() => database.close());
  return { url, database, broken };
}

/** A migration takes as long as it takes. */
async function bringUpToDate(url: string, onError: (error: Error) => void): Promise<string[]> {
  const patient = openDatabase(url, onError, 1, 0);
  try {
    return await migrate(patient, readMigrations(migrationsDir()));
  } finally {
    await patient.close();
  }
}

/** Makes its cluster where there is none. The data dir's lock is ours. */
export function startEmbedded(config: Config, log: Logger): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres(embeddedPlace(config), log);
}

export function embeddedPlace({
  dataDir,
  walArchive,
}: Pick<Config, 'dataDir' | 'walArchive'>): EmbeddedPostgresPlace {
  return {
    clusterDir: path.join(dataDir, 'postgres'),
    socketDir: path.join(dataDir, 'pg'),
    binDir: embeddedBinDir(),
    commandPrefix: [],
    settings: walArchive === null ? [] : archiveSettings(walArchive),
  };
}
