// The attempts' side of deliveries in SQL: claim what is due, write how an attempt ended, hand over to a run.
// Everything that an attempt writes is fenced by its claim. Times are the database's. Concerns all accounts
// at once, as the queue of runs does, so its statements name no world; what they change is named by the claim
// that the same node made.
import { isActive } from '../accounts/account-status-store.ts';
import type { Sql } from '../postgres/database.ts';
import { type Claim, MOST_DEBUG_LENGTH } from './delivery.ts';
import {
  DELIVERY_COLUMNS,
  type DeliveryRow,
  deliveryOf,
  EVENT_COLUMNS,
  EVENT_JOIN,
  type EventRow,
  eventOf,
} from './delivery-store.ts';

export type ClaimRequest = {
  node: string;
  /** Claims at most. */
  most: number;
  /** Of one subscription at most. */
  mostPerSubscription: number;
  /** Those that have enough in hand here: they are passed over. */
  busySubscriptions: readonly string[];
  busyAccounts: readonly string[];
  /** How many each account has in hand here: those with fewer come first. */
  ofAccounts: Readonly<Record<string, number>>;
  /**
   * `<id>/<claims>` of all that the node has in hand: a claim of its own that isn't there, its answer was
   * lost, is due again.
   */
  inHand?: readonly string[];
};

/**
 * Goes round the accounts and, in each, round the subscriptions, so that one whose destination is slow, or
 * that has many waiting, stands in nobody's way. What a node held when its lease ran out is due again.
 */
export async function claimDeliveries(sql: Sql, wanted: ClaimRequest): Promise<Claim[]> {
  const rows = await sql.query<DeliveryRow & EventRow & { node: string; claims: number }>(
    `with recursive waiting(subscription_id) as (
       (select subscription_id from deliveries where due_at is not null order by subscription_id limit 1)
       union all
       select (select n.subscription_id from deliveries n
               where n.due_at is not null and n.subscription_id > w.subscription_id order by n.subscription_id limit 1)
       from waiting w where w.subscription_id is not null
     ), found as (
       select c.* from waiting w cross join lateral (
         select o.id, o.due_at, o.account_id, row_number() over (order by o.due_at, o.id) as own_turn
         from (select i.id, i.due_at, i.account_id from deliveries i
         where i.subscription_id = w.subscription_id and i.due_at <= now() and i.account_id <> all($4)
           and (i.node is null or not exists (select from nodes where nodes.id = i.node and nodes.lease_until > now())
             or (i.node = $1 and i.id || '/' || i.claims <> all($6)))
         order by i.due_at, i.id limit $5
         for update of i skip locked) o
       ) c
       where w.subscription_id is not null and w.subscription_id <> all($3)
         and not exists (select from event_subscriptions s where s.id = w.subscription_id and not ${isActive('s.account_id')})
     ), chosen as (
       select id from (
         select id, due_at, coalesce(($7::jsonb ->> account_id)::integer, 0)
           + row_number() over (partition by account_id order by own_turn, due_at, id) as turn from found
       ) as turns order by turn, due_at, id limit $2
     ), d as (
       update deliveries u set node = $1, claims = u.claims + 1
       from chosen where u.id = chosen.id returning u.*
     )
     select ${DELIVERY_COLUMNS}, d.node, d.claims, ${EVENT_COLUMNS} from d ${EVENT_JOIN}`,
    [
      wanted.node,
      wanted.most,
      wanted.busySubscriptions,
      wanted.busyAccounts,
      wanted.mostPerSubscription,
      wanted.inHand ?? null,
      JSON.stringify(wanted.ofAccounts),
    ],
  );
  return rows.map((row) => ({
    ...{ ...deliveryOf(row), event: eventOf(row), traceparent: row.traceparent },
    ...{ node: row.node, claims: row.claims },
  }));
}

/** How an attempt changes its delivery. */
export type DeliverySettlement = {
  status: 'delivered' | 'retry' | 'failed';
  /** Nothing was attempted. */
  isPostponed?: boolean;
  /** Until the next attempt; null: there is none. */
  nextAfterMs: number | null;
  debug: string | null;
};

/** @returns false when the claim no longer holds, and nothing was written */
export async function settleClaim(
  sql: Sql,
  claim: Pick<Claim, 'id' | 'node' | 'claims'>,
  { status, isPostponed = false, nextAfterMs, debug }: DeliverySettlement,
): Promise<boolean> {
  const rows = await sql.query(
    `update deliveries set status = $4, due_at = now() + $5 * interval '1 millisecond', debug = $6, node = null,
       attempts = attempts + case when $7 then 0 else 1 end, modified_at = now(),
       last_attempt_at = case when $7 then last_attempt_at else now() end
     where id = $1 and node = $2 and claims = $3 returning 1`,
    [claim.id, claim.node, claim.claims, status, nextAfterMs, boundedDebug(debug), isPostponed],
  );
  return rows.length > 0;
}

/** Nothing has been attempted: it is due as it was. */
export async function releaseClaims(
  sql: Sql,
  claims: readonly Pick<Claim, 'id' | 'claims'>[],
): Promise<void> {
  await sql.query(
    `update deliveries d set node = null from jsonb_to_recordset($1::jsonb) as c(id text, claims integer)
     where d.id = c.id and d.claims = c.claims`,
    [JSON.stringify(claims.map(({ id, claims: number }) => ({ id, claims: number })))],
  );
}

/**
 * In the transaction that accepts the run. @returns false when the claim no longer holds: the run must not
 * come about
 */
export async function handOver(
  sql: Sql,
  claim: Pick<Claim, 'id' | 'node' | 'claims'>,
  { runId, debug }: { runId: string; debug: string | null },
): Promise<boolean> {
  const rows = await sql.query(
    `update deliveries set run_id = $4, due_at = null, node = null, debug = $5, last_attempt_at = now(), modified_at = now()
     where id = $1 and node = $2 and claims = $3 returning 1`,
    [claim.id, claim.node, claim.claims, runId, boundedDebug(debug)],
  );
  return rows.length > 0;
}

export type HandedOver = { id: string; runId: string; attempts: number; debug: string | null };

/** The deliveries that these runs receive, locked. */
export async function lockHandedOver(sql: Sql, runIds: readonly string[]): Promise<HandedOver[]> {
  return await sql.query<HandedOver>(
    `select id, run_id as "runId", attempts, debug from deliveries where run_id = any($1::uuid[]) order by id for update`,
    [runIds],
  );
}

/** In the transaction that ends the run. */
export async function settleHandedOver(
  sql: Sql,
  id: string,
  { status, nextAfterMs, debug }: DeliverySettlement,
): Promise<void> {
  await sql.query(
    `update deliveries set status = $2, due_at = now() + $3 * interval '1 millisecond', debug = $4, run_id = null,
       attempts = attempts + 1, modified_at = now()
     where id = $1`,
    [id, status, nextAfterMs, boundedDebug(debug)],
  );
}

export type LostRun = { deliveryId: string; runId: string; status: string | null };

/**
 * Deliveries whose run is over, or gone, and that were not notified: the run ended where its followers
 * weren't asked.
 */
export async function findLostRuns(sql: Sql, most: number): Promise<LostRun[]> {
  return await sql.query<LostRun>(
    `select d.id as "deliveryId", d.run_id as "runId", r.status
     from deliveries d left join lateral (select status from all_runs where id = d.run_id offset 0) r on true
     where d.run_id is not null and d.last_attempt_at < now() - interval '1 minute'
       and (r.status is null or r.status not in ('queued', 'running')) limit $1`,
    [most],
  );
}

function boundedDebug(text: string | null): string | null {
  if (text === null) return null;
  const whole = text.toWellFormed().replaceAll('\0', '\uFFFD');
  return whole.length > MOST_DEBUG_LENGTH
    ? `${whole.slice(0, MOST_DEBUG_LENGTH - 1).toWellFormed()}…`
    : whole;
}
