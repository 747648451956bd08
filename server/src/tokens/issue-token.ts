// Makes a token: chooses its text, stores its hash, hands the text out this one time.
import type { World } from '../accounts/account.ts';
import { newResourceId } from '../ids/ids.ts';
import type { Sql } from '../postgres/database.ts';
import type { TokenKind } from './caller.ts';
import { EVERYTHING, OPERATING, type PermissionEntry } from './permissions.ts';
import { hashToken, makeToken, maskToken } from './token-format.ts';
import { insertToken, type StoredToken } from './token-store.ts';

export type TokenRequest = World & {
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

export async function issueToken(sql: Sql, wanted: TokenRequest): Promise<IssuedToken> {
  const id = newResourceId();
  return await store(sql, wanted, { id, clear: makeToken(wanted.kind, wanted.mode, id) });
}

export type FullTokenRequest = {
  /** MILLRACE_ADMIN_TOKEN; null: one is made. */
  chosen: string | null;
  /** Who made it, and how: the list of tokens shows it. */
  comments: string;
  /** Called with a token that is made, and its id, before the database knows of it. */
  keep(token: string, id: string): void;
};

/**
 * A token that no other token permits, made on the machine itself: live, secret, with every permission.
 */
export async function issueFullToken(
  sql: Sql,
  owner: { accountId: string; userId: string | null },
  { chosen, comments, keep }: FullTokenRequest,
): Promise<IssuedToken> {
  const id = newResourceId();
  const wanted: TokenRequest = {
    accountId: owner.accountId,
    mode: 'live',
    kind: 'secret',
    userId: owner.userId,
    permissions: [...EVERYTHING],
    comments,
    expiresAt: null,
    twinOf: null,
  };
  const clear = chosen ?? makeToken('secret', 'live', id);
  if (chosen === null) keep(clear, id);
  return await store(sql, wanted, { id, clear });
}

/**
 * The token that the first start is given for the operator's own programs: live, secret, it makes and closes
 * accounts and does nothing else.
 */
export async function issueOperatorToken(
  sql: Sql,
  owner: { accountId: string; userId: string | null },
  clear: string,
): Promise<void> {
  const wanted: TokenRequest = {
    ...{ ...owner, mode: 'live', kind: 'secret', permissions: [...OPERATING], expiresAt: null, twinOf: null },
    comments: 'MILLRACE_OPERATOR_TOKEN of the first start',
  };
  await store(sql, wanted, { id: newResourceId(), clear });
}

async function store(
  sql: Sql,
  wanted: TokenRequest,
  text: { id: string; clear: string },
): Promise<IssuedToken> {
  const stored = await insertToken(sql, {
    ...wanted,
    id: text.id,
    hash: hashToken(text.clear),
    masked: maskToken(text.clear),
  });
  return { stored, clear: text.clear };
}
