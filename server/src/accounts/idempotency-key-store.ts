// SQL of Idempotency-Keys: which request one was used for, and what was answered, sealed. Called by the API's
// frame, and by the sweeper.
import { NAMED } from '../postgres/advisory-locks.ts';
import type { Sql } from '../postgres/database.ts';
import type { World } from './account.ts';

export type UsedKey = {
  requestHash: Buffer;
  /** null: its request goes on, or was cut off. */
  sealedAnswer: Buffer | null;
};

export type KeyOf = World & { keyHash: Buffer };

/** Keys are good for so long. */
const KEY_LIFE_HOURS = 24;
const IS_GOOD = `created_at > now() - interval '${KEY_LIFE_HOURS} hours'`;

/** Until the end of the transaction. @returns whether no other request with this key goes on */
export async function tryLockKey(sql: Sql, { accountId, mode, keyHash }: KeyOf): Promise<boolean> {
  const [row] = await sql.query<{ taken: boolean }>(
    'select pg_try_advisory_xact_lock(hashtextextended($1, $2)) as taken',
    [`${accountId} ${mode} ${keyHash.toString('hex')}`, NAMED.idempotency_keys],
  );
  return row?.taken === true;
}

export async function findKey(sql: Sql, { accountId, mode, keyHash }: KeyOf): Promise<UsedKey | null> {
  const [row] = await sql.query<{ request_hash: Buffer; sealed_answer: Buffer | null }>(
    `select request_hash, sealed_answer from idempotency_keys
     where account_id = $1 and mode = $2 and key_hash = $3 and ${IS_GOOD}`,
    [accountId, mode, keyHash],
  );
  return row === undefined ? null : { requestHash: row.request_hash, sealedAnswer: row.sealed_answer };
}

/** In place of one whose time is over. @returns whether there was no good one */
export async function insertKey(sql: Sql, key: KeyOf, used: UsedKey): Promise<boolean> {
  const rows = await sql.query(
    `insert into idempotency_keys as k (account_id, mode, key_hash, request_hash, sealed_answer)
     values ($1, $2, $3, $4, $5)
     on conflict (account_id, mode, key_hash) do update
       set request_hash = excluded.request_hash, sealed_answer = excluded.sealed_answer, created_at = now()
       where not (k.${IS_GOOD})
     returning 1`,
    [key.accountId, key.mode, key.keyHash, used.requestHash, used.sealedAnswer],
  );
  return rows.length > 0;
}

export async function setAnswer(
  sql: Sql,
  { accountId, mode, keyHash }: KeyOf,
  answer: Buffer,
): Promise<void> {
  await sql.query(
    'update idempotency_keys set sealed_answer = $4 where account_id = $1 and mode = $2 and key_hash = $3',
    [accountId, mode, keyHash, answer],
  );
}

/** Of a request that has made nothing: its key may be used again. */
export async function dropKey(sql: Sql, { accountId, mode, keyHash }: KeyOf): Promise<void> {
  await sql.query('delete from idempotency_keys where account_id = $1 and mode = $2 and key_hash = $3', [
    accountId,
    mode,
    keyHash,
  ]);
}

/** Of every account: housekeeping. @returns how many were over */
export async function sweepKeys(sql: Sql, batch: number): Promise<number> {
  const rows = await sql.query(
    `delete from idempotency_keys where (account_id, mode, key_hash) in (
       select account_id, mode, key_hash from idempotency_keys where not (${IS_GOOD}) limit $1) returning 1`,
    [batch],
  );
  return rows.length;
}
