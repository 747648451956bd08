// The half of `npm run token` that works on the database, as the data dir's owner: on the running one, or on
// the embedded one that it starts while it has the data dir's lock. It makes no database and changes no
// schema. Called by main.ts.
import type { TokenMaking } from '../../../contract/token-making.ts';
import { explain } from '../../../process/explain.ts';
import { openLog } from '../../../process/open-log.ts';
import { StartError } from '../../../process/start-error.ts';
import { findFirstAccount, type StoredAccount } from '../accounts/account-store.ts';
import { waitForFirstStart } from '../accounts/first-account.ts';
import { findOwnerId } from '../accounts/user-store.ts';
import type { Config } from '../config/config.ts';
import { type Database, openDatabase } from '../postgres/database.ts';
import { issueFullToken } from '../tokens/issue-token.ts';
import { announceToken } from '../tokens/token-store.ts';
import { findStore } from './find-store.ts';
import { openKeys } from './open-first-account.ts';
import { keepInFile, showKeptTokens } from './token-file.ts';

/** @throws StartError */
export async function issueToken(config: Config, { isServed, by }: TokenMaking): Promise<void> {
  const log = await openLog(config, 'token');
  const endings: (() => Promise<unknown>)[] = [];
  try {
    const database = openDatabase(await findStore(config, { isServed, log, endings }), () => {}, 2);
    endings.push(() => database.close());
    const account = await explain('the database can not be asked', () => accountOf(database));
    // One with a database and not its key isn't its operator.
    await openKeys(config, database, account.id);
    await make(config, { database, account, comments: `made by npm run token, by ${by}` });
    await showKeptTokens(config, database);
  } finally {
    for (const end of endings.reverse()) await end();
  }
}

const UNDEFINED_TABLE = '42P01';

async function accountOf(database: Database): Promise<StoredAccount> {
  const account = await findFirstAccount(database).catch((error: { code?: string }) => {
    if (error.code === UNDEFINED_TABLE) return null;
    throw error;
  });
  if (account !== null) return account;
  throw new StartError(
    'this database has no account yet: start Millrace, which makes it and its first token',
  );
}

type ToMake = { database: Database; account: StoredAccount; comments: string };

async function make(config: Config, { database, account, comments }: ToMake): Promise<void> {
  await database.transaction(async (sql) => {
    await waitForFirstStart(sql);
    const owner = { accountId: account.id, userId: await findOwnerId(sql, account.id) };
    const keep = (token: string, id: string): void => keepInFile(config.dataDir, id, token);
    const { stored } = await issueFullToken(sql, owner, { chosen: null, comments, keep });
    await announceToken(sql, { accountId: account.id, id: stored.id, comments });
  });
}
