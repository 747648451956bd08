// Says where the console is, and while nobody has set it up, by which link that is done. The link is as good
// as a token of the operator: it is shown on a terminal alone, and elsewhere lies in a file that only the
// owner of the data dir may read. Called by the greeting.
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config/config.ts';
import { makeSetUpLink } from '../people/set-up.ts';
import type { Database } from '../postgres/database.ts';

const FILE = 'console.link';
const OWNER_ONLY = 0o600;

type Place = Pick<Config, 'consoleUrl' | 'dataDir' | 'operatorDataDir'>;

/** @returns lines for the person who starts it */
export async function consoleLines(config: Place, database: Database): Promise<string[]> {
  const { consoleUrl, dataDir, operatorDataDir } = config;
  const file = path.join(dataDir, FILE);
  // What an earlier start has left there is no better than this one's.
  rmSync(file, { force: true });
  const secret = await makeSetUpLink(database);
  if (secret === null) return [`  console  ${consoleUrl}`];
  const link = `${consoleUrl}/setup#${secret}`;
  if (process.stdout.isTTY) return [`  console  ${link}`, '           sets up the first person, once'];
  writeFileSync(file, `${link}\n`, { mode: OWNER_ONLY, flag: 'wx' });
  return [
    `  console  ${consoleUrl}`,
    `           the link that sets up the first person, once, is in ${path.join(operatorDataDir, FILE)}`,
  ];
}
