// Makes a token: chooses its text, stores its hash, hands the text out this one time.
import type { World } from '../accounts/account.ts';
import { newResourceId } from '../ids/ids.ts';
import type { Sql } from '../postgres/database.ts';
import type { TokenKind } from './caller.ts';
import { EVERYTHING, type PermissionEntry } from './permissions.ts';
import { hashToken, makeToken, maskToken } from './token-format.ts';
import { insertToken, type StoredToken } from './token-store.ts';

export type TokenWish = World & {
  kind: TokenKind;
  userId: string | null;
  permissions: PermissionEntry[];
  comments: string | null;
  expiresAt: Date | null;
  twinOf: string | null;
};

export type IssuedToken = {
  stored: StoredToken;
  /** The token itself. It exists nowhere else. */
  clear: string;
};

export async function issueToken(sql: Sql, wish: TokenWish): Promise<IssuedToken> {
  const id = newResourceId();
  return await store(sql, wish, { id, clear: makeToken(wish.kind, wish.mode, id) });
}

/**
 * The first token of an account: live, secret, with every permission.
 * @param clear MILLRACE_ADMIN_TOKEN; null: one is made
 * @returns the token in clear
 */
export async function issueFirstToken(
  sql: Sql,
  owner: { accountId: string; userId: string },
  clear: string | null,
): Promise<string> {
  const id = newResourceId();
  const wish: TokenWish = {
    accountId: owner.accountId,
    mode: 'live',
    kind: 'secret',
    userId: owner.userId,
    permissions: [...EVERYTHING],
    comments: 'made at the first start',
    expiresAt: null,
    twinOf: null,
  };
  const issued = await store(sql, wish, { id, clear: clear ?? makeToken('secret', 'live', id) });
  return issued.clear;
}

async function store(sql: Sql, wish: TokenWish, text: { id: string; clear: string }): Promise<IssuedToken> {
  const stored = await insertToken(sql, {
    ...wish,
    id: text.id,
    hash: hashToken(text.clear),
    masked: maskToken(text.clear),
  });
  return { stored, clear: text.clear };
}
