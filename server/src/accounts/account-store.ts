// The accounts table. An account is found by its id; nothing here reads another account's rows.
import type { Sql } from '../postgres/database.ts';

export type StoredAccount = {
  id: string;
  /** A small stable number: the portal id of clients that want one. */
  number: number;
  alias: string;
  createdAt: Date;
};

type AccountRow = { id: string; number: number; alias: string; created_at: Date };

/** What the operator says of an account. */
export type OperatorsWords = {
  /** Their own key for it. */
  externalId: string | null;
  name: string | null;
  labels: Readonly<Record<string, string>>;
  /** SHA-256 of the request that makes it. */
  requestHash: Buffer;
};

type NewAccount = { id: string; alias: string; sealedKey: Buffer; words?: OperatorsWords };

/**
 * @returns false where the id, or the external one, is taken, or was one of an account that is deleted: its
 * report, and what nodes remember, are by it
 */
export async function insertAccount(sql: Sql, { id, alias, sealedKey, words }: NewAccount): Promise<boolean> {
  const rows = await sql.query(
    `insert into accounts (id, alias, sealed_key, external_id, name, labels, request_hash)
     select $1, $2, $3, $4, $5, $6, $7 where not exists (select from account_deletions where account_id = $1)
     on conflict do nothing returning id`,
    [
      ...[id, alias, sealedKey, words?.externalId ?? null, words?.name ?? null],
      ...[JSON.stringify(words?.labels ?? {}), words?.requestHash ?? null],
    ],
  );
  return rows.length > 0;
}

export async function findAccount(sql: Sql, accountId: string): Promise<StoredAccount | null> {
  const rows = await sql.query<AccountRow>(
    'select id, number, alias, created_at from accounts where id = $1',
    [accountId],
  );
  return rows[0] === undefined ? null : accountOf(rows[0]);
}

/** The account that the first start made. */
export async function findFirstAccount(sql: Sql): Promise<StoredAccount | null> {
  const rows = await sql.query<AccountRow>(
    'select id, number, alias, created_at from accounts order by number limit 1',
  );
  return rows[0] === undefined ? null : accountOf(rows[0]);
}

/** The account's own key as it is stored: sealed by the master key. */
export async function findSealedKey(sql: Sql, accountId: string): Promise<Buffer | null> {
  const rows = await sql.query<{ sealed_key: Buffer }>('select sealed_key from accounts where id = $1', [
    accountId,
  ]);
  return rows[0]?.sealed_key ?? null;
}

function accountOf(row: AccountRow): StoredAccount {
  return { id: row.id, number: row.number, alias: row.alias, createdAt: row.created_at };
}
