// The first account and the keys of all: made at the first start, opened at every later one. A master key
// that is missing, or another than the database was sealed with, is reported before anything is served.
// Called by open-foundation.ts and issue-token.ts.

import { explain } from '../../../process/explain.ts';
import { findSealedKey } from '../accounts/account-store.ts';
import { ensureFirstAccount, type FirstAccount } from '../accounts/first-account.ts';
import { findRotation } from '../accounts/master-key-store.ts';
import type { Config } from '../config/config.ts';
import { AccountKeys, makeSealedKey } from '../environment/account-keys.ts';
import { keeperOf } from '../environment/key-keepers.ts';
import { makeMasterKey, masterKeyFile, openMasterKey } from '../environment/master-key.ts';
import type { Database } from '../postgres/database.ts';
import { issueFullToken, issueOperatorToken } from '../tokens/issue-token.ts';
import { keepInFile } from './token-file.ts';

const MASTER_KEY = 'the master key can not be opened';

/** @throws StartError */
export async function openFirstAccount(
  config: Config,
  database: Database,
): Promise<{ first: FirstAccount; keys: AccountKeys }> {
  const first = await ensureFirstAccount(database, {
    makeSealedKey: (accountId) => explain(MASTER_KEY, () => makeSealedKey(makeMasterKey(config), accountId)),
    issueToken: async (sql, owner) => {
      const wanted = { chosen: config.adminToken, comments: 'made at the first start' };
      const keep = (token: string): void => keepInFile(config.dataDir, 'first', token);
      if (config.operatorToken !== null) await issueOperatorToken(sql, owner, config.operatorToken);
      return (await issueFullToken(sql, owner, { ...wanted, keep })).clear;
    },
  });
  return { first, keys: await openKeys(config, database, first.account.id) };
}

/** @throws StartError when they don't open with the master key */
export async function openKeys(config: Config, database: Database, accountId: string): Promise<AccountKeys> {
  const masterKey = await explain(MASTER_KEY, () => openMasterKey(config));
  const keys = new AccountKeys(
    masterKey,
    (id) => findSealedKey(database, id),
    () => findRotation(database),
  );
  const subject = keeperOf(config)?.told ?? `the key in ${masterKeyFile(config.operatorDataDir)}`;
  await explain(`${subject} is not the key that this database was sealed with`, () => keys.check(accountId));
  return keys;
}
