// The database of an installation for a command that is given beside the server: the running one, or the
// embedded one, which is started for it while the command has the data dir's lock. Makes no database and
// changes no schema. Called by issue-token.ts and carry-out-copy.ts.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from 'pino';
import { explain } from '../../../process/explain.ts';
import { StartError } from '../../../process/start-error.ts';
import type { Config } from '../config/config.ts';
import { embeddedUrl } from '../postgres/embedded-postgres.ts';
import { embeddedPlace, startEmbedded } from './open-store.ts';

type Finding = { isServed: boolean; log: Logger; endings: (() => Promise<unknown>)[] };

/** @returns its connection string. @throws StartError */
export async function findStore(config: Config, { isServed, log, endings }: Finding): Promise<string> {
  if (config.databaseUrl !== null) return config.databaseUrl;
  const { clusterDir, socketDir } = embeddedPlace(config);
  if (!existsSync(path.join(clusterDir, 'PG_VERSION'))) {
    const where = config.operatorDataDir;
    throw new StartError(
      `there is no database in ${where}: if Millrace uses another, set MILLRACE_DATABASE_URL as for it`,
    );
  }
  if (isServed) return embeddedUrl(socketDir);
  const postgres = await explain('the embedded database does not start', () => startEmbedded(config, log));
  endings.push(() => postgres.stop());
  return postgres.url;
}
