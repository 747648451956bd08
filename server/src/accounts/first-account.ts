// Makes the first account, its owner and its first token at the first start, all in one transaction, and
// finds the account again at every later one. Two nodes that start at once agree on one. Called by roles/.
import { lockWhole } from '../postgres/advisory-locks.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { findAccount, findFirstAccount, type StoredAccount } from './account-store.ts';
import { makeAccount } from './make-account.ts';

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

/**
 * Until the end of the transaction nobody else makes the first account, or a token from outside of the API.
 */
export async function waitForFirstStart(sql: Sql): Promise<void> {
  await lockWhole(sql, 'first_start');
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

async function makeFirstAccount(
  sql: Sql,
  { makeSealedKey, issueToken }: FirstAccountParts,
): Promise<FirstAccount> {
  const owner = await makeAccount(sql, { ownerName: 'Owner', words: null, makeSealedKey });
  if (owner === null) throw new Error('the first account has no external id that another could have');
  const token = await issueToken(sql, owner);
  const account = await findAccount(sql, owner.accountId);
  if (account === null) throw new Error(`account ${owner.accountId} was written and can't be read`);
  return { account, token };
}
