// Makes the first account, its owner and its first token at the first start, all in one transaction, and finds the
// account again at every later one. Two nodes that start at once agree on one. Called by roles/.
import { randomInt } from 'node:crypto';
import { newResourceId } from '../ids/ids.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { findAccount, findFirstAccount, insertAccount, type StoredAccount } from './account-store.ts';
import { insertUser } from './user-store.ts';

export type FirstAccountParts = {
  /** A new key for the account, sealed by the master key. */
  makeSealedKey: (accountId: string) => Promise<Buffer>;
  /** Makes the owner's token in the same transaction and returns it in clear. */
  issueToken: (sql: Sql, owner: { accountId: string; userId: string }) => Promise<string>;
};

export type FirstAccount = {
  account: StoredAccount;
  /** In clear; null at every start but the first. */
  token: string | null;
};

/** The same number on every node: it stands in line for the first start. */
const FIRST_START_LOCK = 728_701;

/** Until the end of the transaction nobody else makes the first account, or a token from outside of the API. */
export async function waitForFirstStart(sql: Sql): Promise<void> {
  await sql.query('select pg_advisory_xact_lock($1)', [FIRST_START_LOCK]);
}

export async function ensureFirstAccount(
  database: Database,
  parts: FirstAccountParts,
): Promise<FirstAccount> {
  return await database.transaction(async (sql) => {
    await waitForFirstStart(sql);
    const existing = await findFirstAccount(sql);
    if (existing !== null) return { account: existing, token: null };
    return await makeFirstAccount(sql, parts);
  });
}

async function makeFirstAccount(sql: Sql, parts: FirstAccountParts): Promise<FirstAccount> {
  const accountId = newAccountId();
  const userId = newResourceId();
  await insertAccount(sql, {
    id: accountId,
    alias: accountId.toLowerCase(),
    sealedKey: await parts.makeSealedKey(accountId),
  });
  await insertUser(sql, {
    id: userId,
    accountId,
    name: 'Owner',
    email: `owner@${accountId.toLowerCase()}.localhost`,
    isAccountOwner: true,
  });
  const token = await parts.issueToken(sql, { accountId, userId });
  const account = await findAccount(sql, accountId);
  if (account === null) throw new Error(`account ${accountId} was written and can't be read`);
  return { account, token };
}

/** Two letters and four digits: people read it out over the phone. */
export function newAccountId(): string {
  const letter = (): string => String.fromCharCode(65 + randomInt(26));
  return `${letter()}${letter()}${String(randomInt(10_000)).padStart(4, '0')}`;
}
