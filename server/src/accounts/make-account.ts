// Makes an account with its owner, inside a caller's transaction. Never makes a token. Called for the first
// account, and by the operator's API for every further one.
import { randomInt } from 'node:crypto';
import { newResourceId } from '../ids/ids.ts';
import type { Sql } from '../postgres/database.ts';
import { insertAccount, type OperatorsWords } from './account-store.ts';
import { findAccountMade } from './operated-account-store.ts';
import { insertUser } from './user-store.ts';

export type NewAccount = {
  ownerName: string;
  /** null: the operator says nothing of it, as of the first account. */
  words: OperatorsWords | null;
  /** A new key for the account, sealed by the master key. */
  makeSealedKey(accountId: string, sql: Sql): Buffer | Promise<Buffer>;
};

export type MadeAccount = { accountId: string; userId: string };

/** @returns null where another account has the external id */
export async function makeAccount(sql: Sql, account: NewAccount): Promise<MadeAccount | null> {
  for (let tries = 0; ; tries += 1) {
    const accountId = newAccountId(tries);
    if (await insert(sql, account, accountId)) return await addOwner(sql, account, accountId);
    const externalId = account.words?.externalId ?? null;
    if (externalId !== null && (await findAccountMade(sql, externalId)) !== null) return null;
  }
}

async function insert(sql: Sql, { makeSealedKey, words }: NewAccount, id: string): Promise<boolean> {
  const sealedKey = await makeSealedKey(id, sql);
  return await insertAccount(sql, {
    id,
    alias: id.toLowerCase(),
    sealedKey,
    ...(words === null ? {} : { words }),
  });
}

async function addOwner(sql: Sql, { ownerName: name }: NewAccount, accountId: string): Promise<MadeAccount> {
  const userId = newResourceId();
  const email = `owner@${accountId.toLowerCase()}.localhost`;
  await insertUser(sql, { id: userId, accountId, name, email, isAccountOwner: true });
  return { accountId, userId };
}

const TRIES_OF_A_LENGTH = 10;

/**
 * Two letters and four digits: people read it out over the phone. More digits once many of these are taken.
 */
export function newAccountId(tries = 0): string {
  const letter = (): string => String.fromCharCode(65 + randomInt(26));
  const digits = Math.min(12, 4 + 2 * Math.floor(tries / TRIES_OF_A_LENGTH));
  return `${letter()}${letter()}${String(randomInt(10 ** digits)).padStart(digits, '0')}`;
}
