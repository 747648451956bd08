// Deliveries as others see them: made where an event is kept, listed, read, and sent again on request.
// Attempts are claim-store.ts's.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { AccountEvent } from '../runs/run-input.ts';
import type { Delivery, DeliveryStatus, DeliveryWithEvent } from './delivery.ts';

/** PostgreSQL channel: there is something to deliver. */
export const DELIVERY_CHANNEL = 'millrace_deliveries';

export type NewDelivery = World & { eventId: string; subscriptionId: string };

/**
 * Writes a delivery for each of the subscriptions that is active, inside the transaction that keeps the
 * events, and notifies the nodes when that commits. An event that is given twice is delivered once.
 */
export async function insertDeliveries(sql: Sql, made: readonly NewDelivery[]): Promise<void> {
  await sql.query(
    `with made as (
       insert into deliveries (id, account_id, mode, subscription_id, event_id, event_type)
       select replace(gen_random_uuid()::text, '-', ''), s.account_id, s.mode, s.id, n.event_id, s.event_type
       from jsonb_to_recordset($1::jsonb) as n(account_id text, mode mode, event_id text, subscription_id text)
       join event_subscriptions s
         on s.id = n.subscription_id and s.account_id = n.account_id and s.mode = n.mode and s.active
       on conflict (account_id, mode, event_id, subscription_id) do nothing
       returning 1
     )
     select pg_notify($2, '') where exists (select from made)`,
    [JSON.stringify(made.map(newRow)), DELIVERY_CHANNEL],
    'insert deliveries',
  );
}

function newRow({ accountId, mode, eventId, subscriptionId }: NewDelivery): object {
  return { account_id: accountId, mode, event_id: eventId, subscription_id: subscriptionId };
}

export type DeliveryRow = {
  id: string;
  account_id: string;
  mode: World['mode'];
  subscription_id: string;
  event_id: string;
  event_type: string;
  status: DeliveryStatus;
  attempts: number;
  last_attempt_at: Date | null;
  due_at: Date | null;
  debug: string | null;
  created_at: Date;
  modified_at: Date;
};
export type EventRow = {
  type: string;
  notations: string[];
  item_type: string;
  item_id: string;
  campaign: string | null;
  shop: string | null;
  happened_at: Date;
  data: unknown;
  related: Record<string, unknown>;
  traceparent: string | null;
};

export const DELIVERY_COLUMNS = `d.id, d.account_id, d.mode, d.subscription_id, d.event_id, d.event_type, d.status, d.attempts,
  d.last_attempt_at, d.due_at, d.debug, d.created_at, d.modified_at`;
export const EVENT_COLUMNS = `e.type, e.notations, e.item_type, e.item_id, e.campaign, e.shop, e.happened_at, e.data, e.related,
  e.traceparent`;
export const EVENT_JOIN =
  'join events e on e.account_id = d.account_id and e.mode = d.mode and e.id = d.event_id';

export async function getDelivery(sql: Sql, world: World, id: string): Promise<DeliveryWithEvent | null> {
  const [row] = await sql.query<DeliveryRow & EventRow>(
    `select ${DELIVERY_COLUMNS}, ${EVENT_COLUMNS} from deliveries d ${EVENT_JOIN}
     where d.id = $1 and d.account_id = $2 and d.mode = $3`,
    [id, world.accountId, world.mode],
  );
  return row === undefined ? null : { ...deliveryOf(row), event: eventOf(row) };
}

export type DeliveryQuery = {
  /** null: of every status, of every subscription, of every type. */
  status: DeliveryStatus | null;
  subscriptionId: string | null;
  eventType: string | null;
  order: 'ascending' | 'descending';
  limit: number;
  /** Id of the delivery behind, or before, which the page lies in that order; null: the first page. */
  cursor: { side: 'after' | 'before'; id: string } | null;
};

export type DeliveryPage = { deliveries: Delivery[]; hasMore: boolean };

/**
 * Sorted by the time at which they were made.
 * @returns in the order that was asked for; `hasMore`: in the direction away from the cursor. null: the
 * cursor's delivery isn't there
 */
export async function listDeliveries(
  sql: Sql,
  world: World,
  query: DeliveryQuery,
): Promise<DeliveryPage | null> {
  const { cursor } = query;
  if (cursor !== null && !(await isThere(sql, world, cursor.id))) return null;
  const isBackwards = cursor?.side === 'before';
  const isDescending = (query.order === 'descending') !== isBackwards;
  const [direction, comparison] = isDescending ? ['desc', '<'] : ['asc', '>'];
  const rows = await sql.query<DeliveryRow>(
    `select ${DELIVERY_COLUMNS} from deliveries d
     where d.account_id = $1 and d.mode = $2 and ($3::text is null or d.status = $3)
       and ($4::text is null or d.subscription_id = $4) and ($5::text is null or d.event_type = $5)
       and ($6::text is null or (d.created_at, d.id) ${comparison}
         (select c.created_at, c.id from deliveries c where c.id = $6 and c.account_id = $1 and c.mode = $2))
     order by d.created_at ${direction}, d.id ${direction} limit $7`,
    [
      ...[world.accountId, world.mode, query.status, query.subscriptionId, query.eventType],
      ...[cursor?.id ?? null, query.limit + 1],
    ],
  );
  const page = rows.slice(0, query.limit).map(deliveryOf);
  return { deliveries: isBackwards ? page.reverse() : page, hasMore: rows.length > query.limit };
}

async function isThere(sql: Sql, world: World, id: string): Promise<boolean> {
  const rows = await sql.query('select from deliveries where id = $1 and account_id = $2 and mode = $3', [
    id,
    world.accountId,
    world.mode,
  ]);
  return rows.length > 0;
}

/**
 * To be sent again, from the beginning of the schedule; an attempt that goes on no longer counts. @returns
 * whether it is there
 */
export async function queueAgain(sql: Sql, world: World, id: string): Promise<boolean> {
  const rows = await sql.query(
    `with again as (
       update deliveries set status = 'queued', due_at = now(), node = null, run_id = null, claims = claims + 1, attempts = 0,
         modified_at = now()
       where id = $1 and account_id = $2 and mode = $3 returning 1
     )
     select pg_notify($4, '') from again`,
    [id, world.accountId, world.mode, DELIVERY_CHANNEL],
  );
  return rows.length > 0;
}

/**
 * Those that are over and older; at most `most` of them. @returns how many there were. Of every account: it
 * is housekeeping.
 */
export async function deleteOldDeliveries(sql: Sql, retentionDays: number, most: number): Promise<number> {
  const rows = await sql.query(
    `delete from deliveries where id in (
       select id from deliveries where status in ('delivered', 'failed') and due_at is null
         and created_at < now() - $1 * interval '1 day' limit $2)
     returning 1`,
    [retentionDays, most],
  );
  return rows.length;
}

export function deliveryOf(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    accountId: row.account_id,
    mode: row.mode,
    subscriptionId: row.subscription_id,
    eventId: row.event_id,
    eventType: row.event_type,
    status: row.status,
    attempts: row.attempts,
    lastAttemptAt: row.last_attempt_at,
    nextAttemptAt: row.due_at,
    debug: row.debug,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}

export function eventOf(row: DeliveryRow & EventRow): AccountEvent {
  return {
    id: row.event_id,
    type: row.type,
    notations: row.notations,
    itemType: row.item_type,
    itemId: row.item_id,
    campaign: row.campaign,
    shop: row.shop,
    date: row.happened_at.toISOString(),
    data: row.data,
    related: row.related,
  };
}
