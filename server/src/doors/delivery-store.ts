// SQL of the deliveries that verified webhooks have accepted lately. A trigger's id is unique over all accounts, and only the
// trigger's own door asks. Called by accept-webhooks.ts and delivery-sweeper.ts.
import { createHash } from 'node:crypto';
import type { Sql } from '../postgres/database.ts';

export type Delivery = { triggerId: string /** What the sender's scheme calls it. */; deliveryId: string };

/** Tells deliveries apart in memory. */
export function deliveryKey({ triggerId, deliveryId }: Delivery): string {
  return `${triggerId} ${hashOf(deliveryId).toString('hex')}`;
}

/**
 * Writes those that are not there yet. One that another transaction is writing is waited for.
 * @returns the keys of those that were written
 */
export async function insertDeliveries(
  sql: Sql,
  deliveries: readonly Delivery[],
  memoryHours: number,
): Promise<Set<string>> {
  // In one order everywhere: two nodes that write the same ones would else wait for each other.
  const rows = [...new Map(deliveries.map((delivery) => [deliveryKey(delivery), delivery]))]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, delivery]) => delivery);
  const written = await sql.query<{ trigger_id: string; delivery_hash: Buffer }>(
    `insert into webhook_deliveries (trigger_id, delivery_hash, expires_at)
     select d.trigger_id, d.delivery_hash, now() + make_interval(hours => $3)
     from unnest($1::text[], $2::bytea[]) as d(trigger_id, delivery_hash)
     on conflict (trigger_id, delivery_hash) do update set expires_at = excluded.expires_at
       where webhook_deliveries.expires_at < now()
     returning trigger_id, delivery_hash`,
    [rows.map((row) => row.triggerId), rows.map((row) => hashOf(row.deliveryId)), memoryHours],
  );
  return new Set(written.map((row) => `${row.trigger_id} ${row.delivery_hash.toString('hex')}`));
}

/** Deletes expired ones, at most `limit` of them; returns how many. Over all accounts. */
export async function deleteExpiredDeliveries(sql: Sql, limit: number): Promise<number> {
  const [row] = await sql.query<{ deleted: number }>(
    `with gone as (
       delete from webhook_deliveries where (trigger_id, delivery_hash) in (
         select trigger_id, delivery_hash from webhook_deliveries where expires_at < now() limit $1
         for update skip locked)
       returning 1)
     select count(*) as deleted from gone`,
    [limit],
  );
  return row?.deleted ?? 0;
}

function hashOf(deliveryId: string): Buffer {
  return createHash('sha256').update(deliveryId).digest();
}
