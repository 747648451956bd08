// The tokens table. Tokens are looked up by their hash and listed by their world; the clear token never comes
// here.
import type { Mode, World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { TokenKind } from './caller.ts';
import type { PermissionEntry } from './permissions.ts';
import { LIMITED_LIFE_MS } from './token-format.ts';

export type NewToken = World & {
  id: string;
  kind: TokenKind;
  /** SHA-256. */
  hash: Buffer;
  masked: string;
  userId: string | null;
  permissions: PermissionEntry[];
  comments: string | null;
  expiresAt: Date | null;
  /** The token that this one is the test twin of: it dies with it. */
  twinOf: string | null;
};

export type StoredToken = NewToken & { createdAt: Date; modifiedAt: Date; lastUsedAt: Date | null };

type TokenRow = {
  id: string;
  account_id: string;
  mode: Mode;
  kind: TokenKind;
  token_hash: Buffer;
  masked: string;
  user_id: string | null;
  permissions: PermissionEntry[];
  comments: string | null;
  expires_at: Date | null;
  twin_of: string | null;
  created_at: Date;
  modified_at: Date;
  last_used_at: Date | null;
};

/** @returns the token as it was written */
export async function insertToken(sql: Sql, token: NewToken): Promise<StoredToken> {
  const rows = await sql.query<TokenRow>(
    `insert into tokens (id, account_id, mode, kind, token_hash, masked, user_id, permissions, comments, expires_at,
                         twin_of)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     returning *`,
    [
      token.id,
      token.accountId,
      token.mode,
      token.kind,
      token.hash,
      token.masked,
      token.userId,
      JSON.stringify(token.permissions),
      token.comments,
      token.expiresAt,
      token.twinOf,
    ],
  );
  return tokenOf(rows[0] as TokenRow);
}

/**
 * Sent by PostgreSQL when a token was made on the machine, outside of every API: the payload is a {@link
 * MadeToken}.
 */
export const MADE_TOKEN_CHANNEL = 'millrace_token_made';

/** What nodes write into their logs. */
export type MadeToken = { accountId: string; id: string; comments: string };

/** Every node hears of it once the transaction is committed. */
export async function announceToken(sql: Sql, made: MadeToken): Promise<void> {
  await sql.query('select pg_notify($1, $2)', [MADE_TOKEN_CHANNEL, JSON.stringify(made)]);
}

/** The one query without an account: the hash is what says whose token it is. */
export async function findTokenByHash(sql: Sql, hash: Buffer): Promise<StoredToken | null> {
  const rows = await sql.query<TokenRow>('select * from tokens where token_hash = $1', [hash]);
  return rows[0] === undefined ? null : tokenOf(rows[0]);
}

export async function findToken(sql: Sql, world: World, id: string): Promise<StoredToken | null> {
  const rows = await sql.query<TokenRow>(
    'select * from tokens where account_id = $1 and mode = $2 and id = $3',
    [world.accountId, world.mode, id],
  );
  return rows[0] === undefined ? null : tokenOf(rows[0]);
}

export const TOKEN_SORT_KEYS = [
  'date_created',
  'date_modified',
  'date_last_used',
  'expires',
  'comments',
] as const;
export type TokenSortKey = (typeof TOKEN_SORT_KEYS)[number];

export type TokenListQuery = {
  kinds: TokenKind[];
  limit: number;
  offset: number;
  sortBy: TokenSortKey;
  desc: boolean;
  /** Text in the comments or in the masked token; null: all. */
  q: string | null;
};

const SORT_COLUMN: Record<TokenSortKey, string> = {
  date_created: 'created_at',
  date_modified: 'modified_at',
  date_last_used: 'last_used_at',
  expires: 'expires_at',
  comments: 'comments',
};

/** One page of a world's tokens, and how many there are in all. Expired ones are listed too. */
export async function listTokens(
  sql: Sql,
  world: World,
  query: TokenListQuery,
): Promise<{ tokens: StoredToken[]; total: number }> {
  const direction = query.desc ? 'desc' : 'asc';
  const values = [world.accountId, world.mode, query.kinds, query.q];
  const rows = await sql.query<TokenRow>(
    `select * from tokens
     where account_id = $1 and mode = $2 and kind = any($3)
       and ($4::text is null or strpos(lower(coalesce(comments, '') || ' ' || masked), lower($4)) > 0)
     order by ${SORT_COLUMN[query.sortBy]} ${direction} nulls last, id ${direction}
     limit $5 offset $6`,
    [...values, query.limit, query.offset],
  );
  const counts = await sql.query<{ total: number }>(
    `select count(*) as total from tokens
     where account_id = $1 and mode = $2 and kind = any($3)
       and ($4::text is null or strpos(lower(coalesce(comments, '') || ' ' || masked), lower($4)) > 0)`,
    values,
  );
  return { tokens: rows.map(tokenOf), total: counts[0]?.total ?? 0 };
}

/**
 * Newest first; the limited ones of an account's visitors not. `after`: the id of the last one of the page
 * before.
 * @param mode null: both
 */
export async function listAccountTokens(
  sql: Sql,
  { accountId, mode }: { accountId: string; mode: Mode | null },
  { limit, after }: { limit: number; after: string | null },
): Promise<StoredToken[]> {
  const rows = await sql.query<TokenRow>(
    `select * from tokens where account_id = $1 and kind <> 'limited' and ($4::mode is null or mode = $4)
       and ($2::text is null or (created_at, id) < (
         select last.created_at, last.id from tokens last where last.account_id = $1 and last.id = $2))
     order by created_at desc, id desc limit $3`,
    [accountId, after, limit, mode],
  );
  return rows.map(tokenOf);
}

/** As {@link findToken}, in whichever mode it is; a limited one is not found. */
export async function findAccountToken(sql: Sql, accountId: string, id: string): Promise<StoredToken | null> {
  const rows = await sql.query<TokenRow>(
    `select * from tokens where account_id = $1 and id = $2 and kind <> 'limited'`,
    [accountId, id],
  );
  return rows[0] === undefined ? null : tokenOf(rows[0]);
}

/** What an owner may change of a token. */
export type TokenChanges = Pick<NewToken, 'permissions' | 'comments' | 'expiresAt'>;

/** @returns the changed token, or null where the world has none of that id */
export async function updateToken(
  sql: Sql,
  world: World,
  id: string,
  changes: TokenChanges,
): Promise<StoredToken | null> {
  const rows = await sql.query<TokenRow>(
    `update tokens set permissions = $4, comments = $5, expires_at = $6, modified_at = now()
     where account_id = $1 and mode = $2 and id = $3
     returning *`,
    [
      world.accountId,
      world.mode,
      id,
      JSON.stringify(changes.permissions),
      changes.comments,
      changes.expiresAt,
    ],
  );
  return rows[0] === undefined ? null : tokenOf(rows[0]);
}

/** @returns whether there was one; its test twins go with it */
export async function deleteToken(sql: Sql, world: World, id: string): Promise<boolean> {
  const rows = await sql.query(
    'delete from tokens where account_id = $1 and mode = $2 and id = $3 returning id',
    [world.accountId, world.mode, id],
  );
  return rows.length > 0;
}

/** As {@link deleteToken}, in whichever mode it is. @returns the deleted one */
export async function deleteAccountToken(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<StoredToken | null> {
  const rows = await sql.query<TokenRow>(
    `delete from tokens where account_id = $1 and id = $2 and kind <> 'limited' returning *`,
    [accountId, id],
  );
  return rows[0] === undefined ? null : tokenOf(rows[0]);
}

/** Notes when tokens were used last; a limited token lives two weeks from then. */
export async function recordTokenUses(
  sql: Sql,
  uses: readonly { id: string; accountId: string; usedAtMs: number }[],
): Promise<void> {
  await sql.query(
    `update tokens
     set last_used_at = greatest(tokens.last_used_at, used.at),
         expires_at = case kind when 'limited'
           then greatest(expires_at, used.at + make_interval(secs => $4)) else expires_at end
     from unnest($1::text[], $2::text[], $3::timestamptz[]) as used (account_id, id, at)
     where tokens.account_id = used.account_id and tokens.id = used.id`,
    [
      uses.map((use) => use.accountId),
      uses.map((use) => use.id),
      uses.map((use) => new Date(use.usedAtMs)),
      LIMITED_LIFE_MS / 1000,
    ],
  );
}

/** Removes some of an account's limited tokens that nobody used for two weeks. */
export async function sweepLimitedTokens(sql: Sql, accountId: string, now: Date): Promise<void> {
  await sql.query(
    `delete from tokens where account_id = $1 and id in (
       select id from tokens where account_id = $1 and kind = 'limited' and expires_at < $2 limit 100)`,
    [accountId, now],
  );
}

function tokenOf(row: TokenRow): StoredToken {
  return {
    id: row.id,
    accountId: row.account_id,
    mode: row.mode,
    kind: row.kind,
    hash: row.token_hash,
    masked: row.masked,
    userId: row.user_id,
    permissions: row.permissions,
    comments: row.comments,
    expiresAt: row.expires_at,
    twinOf: row.twin_of,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    lastUsedAt: row.last_used_at,
  };
}
