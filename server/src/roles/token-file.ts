// A new token on its way to its owner. It lies in a file of the data dir, which its owner alone may read,
// from before the database knows of it until a terminal has shown it, or its owner has removed the file: so
// it survives whatever is killed in between. It is never written to an output that is no terminal: those are
// kept, and read by others. Called at the start, and by `npm run token`.
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { waitForFirstStart } from '../accounts/first-account.ts';
import type { Config } from '../config/config.ts';
import type { Database } from '../postgres/database.ts';
import { hashToken } from '../tokens/token-format.ts';
import { findTokenByHash } from '../tokens/token-store.ts';

const ENDING = '.token';
const OWNER_ONLY = 0o600;

type Place = Pick<Config, 'dataDir' | 'operatorDataDir'>;

/** On the disk when it returns. Inside a transaction that has waited by `waitForFirstStart`. */
export function keepInFile(dataDir: string, name: string, token: string): void {
  const file = path.join(dataDir, `${name}${ENDING}`);
  // What an interrupted start has left there never came into the database.
  rmSync(file, { force: true });
  writeFileSync(file, `${token}\n`, { mode: OWNER_ONLY, flag: 'wx', flush: true });
  const folder = openSync(dataDir, 'r');
  fsyncSync(folder);
  closeSync(folder);
}

/** Shows every token that was kept and not shown yet: on a terminal itself, elsewhere where it lies. */
export async function showKeptTokens(place: Place, database: Database): Promise<void> {
  for (const { name, token, accountId } of await keptTokens(place.dataDir, database)) {
    const lines = process.stdout.isTTY
      ? [`  token    ${token}`, '           shown this once: keep it']
      : [
          `  token    in ${path.join(place.operatorDataDir, name)}`,
          '           take it from there, then delete the file',
        ];
    console.log(
      ['', `  A new token of account ${accountId}, live, with every permission:`, ...lines].join('\n'),
    );
    if (process.stdout.isTTY) rmSync(path.join(place.dataDir, name));
  }
}

type Kept = { name: string; token: string; accountId: string };

/** Removes files of tokens that never came into the database, or are gone from it. */
function keptTokens(dataDir: string, database: Database): Promise<Kept[]> {
  return database.transaction(async (sql) => {
    await waitForFirstStart(sql);
    const kept: Kept[] = [];
    for (const name of readdirSync(dataDir).filter((entry) => entry.endsWith(ENDING))) {
      const token = readFileSync(path.join(dataDir, name), 'utf8').trim();
      const stored = await findTokenByHash(sql, hashToken(token));
      if (stored === null) rmSync(path.join(dataDir, name));
      else kept.push({ name, token, accountId: stored.accountId });
    }
    return kept;
  });
}
