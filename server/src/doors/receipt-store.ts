// SQL of the receipts of messages that verified webhooks have accepted lately: by which a repeated one is
// known. A trigger's id is unique over all accounts, and only the trigger's own door asks. Called by
// accept-webhooks.ts and receipt-sweeper.ts.
import { createHash } from 'node:crypto';
import type { Sql } from '../postgres/database.ts';

export type Receipt = { triggerId: string /** What the sender's scheme calls it. */; messageId: string };

/** Distinguishes receipts in memory. */
export function receiptKey({ triggerId, messageId }: Receipt): string {
  return `${triggerId} ${hashOf(messageId).toString('hex')}`;
}

/**
 * Writes those that are not there yet. One that another transaction is writing is waited for.
 * @returns the keys of those that were written
 */
export async function insertReceipts(
  sql: Sql,
  receipts: readonly Receipt[],
  memoryHours: number,
): Promise<Set<string>> {
  // In one order everywhere: two nodes that write the same ones would else wait for each other.
  const rows = [...new Map(receipts.map((receipt) => [receiptKey(receipt), receipt]))]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, receipt]) => receipt);
  const written = await sql.query<{ trigger_id: string; message_hash: Buffer }>(
    `insert into webhook_receipts (trigger_id, message_hash, expires_at)
     select r.trigger_id, r.message_hash, now() + make_interval(hours => $3)
     from unnest($1::text[], $2::bytea[]) as r(trigger_id, message_hash)
     on conflict (trigger_id, message_hash) do update set expires_at = excluded.expires_at
       where webhook_receipts.expires_at < now()
     returning trigger_id, message_hash`,
    [rows.map((row) => row.triggerId), rows.map((row) => hashOf(row.messageId)), memoryHours],
  );
  return new Set(written.map((row) => `${row.trigger_id} ${row.message_hash.toString('hex')}`));
}

/** Deletes expired ones, at most `limit` of them; returns how many. Over all accounts. */
export async function deleteExpiredReceipts(sql: Sql, limit: number): Promise<number> {
  const [row] = await sql.query<{ deleted: number }>(
    `with gone as (
       delete from webhook_receipts where (trigger_id, message_hash) in (
         select trigger_id, message_hash from webhook_receipts where expires_at < now() limit $1
         for update skip locked)
       returning 1)
     select count(*) as deleted from gone`,
    [limit],
  );
  return row?.deleted ?? 0;
}

function hashOf(messageId: string): Buffer {
  return createHash('sha256').update(messageId).digest();
}

/** Of webhooks of an account that is deleted. @returns how many */
export async function deleteAccountReceipts(sql: Sql, accountId: string, limit: number): Promise<number> {
  const rows = await sql.query(
    `delete from webhook_receipts where (trigger_id, message_hash) in (
       select r.trigger_id, r.message_hash from triggers t join webhook_receipts r on r.trigger_id = t.id
       where t.account_id = $1 limit $2)
     returning 1`,
    [accountId, limit],
  );
  return rows.length;
}
