// A second account of a started Millrace, for promises about what accounts do to one another. There is no API that makes one: this is
// done as the operator does it, at the embedded database and with the master key of the data dir. Never touches the first account.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { insertAccount } from '../../src/accounts/account-store.ts';
import { newAccountId } from '../../src/accounts/first-account.ts';
import { insertUser } from '../../src/accounts/user-store.ts';
import { makeSealedKey } from '../../src/environment/account-keys.ts';
import { masterKeyFile } from '../../src/environment/master-key.ts';
import { newResourceId } from '../../src/ids/ids.ts';
import { type Database, openDatabase } from '../../src/postgres/database.ts';
import { issueToken } from '../../src/tokens/issue-token.ts';
import { EVERYTHING } from '../../src/tokens/permissions.ts';
import type { Millrace } from './start-millrace.ts';

export type SecondAccount = { id: string /** Live, with every permission. */; token: string };

/** The embedded database of a started Millrace: reached by root alone. */
export function embeddedDatabaseOf({ dataDir }: Pick<Millrace, 'dataDir'>): Database {
  const socketDir = encodeURIComponent(path.join(dataDir, 'pg'));
  return openDatabase(`postgres://millrace@localhost/postgres?host=${socketDir}`, () => {}, 2);
}

export async function makeSecondAccount(
  { dataDir }: Pick<Millrace, 'dataDir'>,
  database: Database,
): Promise<SecondAccount> {
  const masterKey = Buffer.from(readFileSync(masterKeyFile(dataDir), 'utf8').trim(), 'base64');
  const id = newAccountId();
  const userId = newResourceId();
  const email = `owner@${id.toLowerCase()}.localhost`;
  return await database.transaction(async (sql) => {
    await insertAccount(sql, { id, alias: id.toLowerCase(), sealedKey: makeSealedKey(masterKey, id) });
    await insertUser(sql, { id: userId, accountId: id, name: 'Second owner', email, isAccountOwner: true });
    const { clear: token } = await issueToken(sql, {
      ...{ accountId: id, mode: 'live', kind: 'secret', userId, permissions: [...EVERYTHING] },
      ...{ comments: null, expiresAt: null, twinOf: null },
    });
    return { id, token };
  });
}
