// SQL of events: kept once by id, read by their owner, deleted when they are old. What a node matches later
// is claimed in unmatched-store.ts.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import { eventKey, type PublishedEvent } from './account-event.ts';

export type StoredEvent = PublishedEvent & {
  createdAt: Date;
  matchedAt: Date | null;
  fault: string | null;
  /** How often something came between it and what follows from it. */
  tries: number;
};

/** An event without what it holds: a list of whole ones could be hundreds of megabytes. */
export type EventSummary = Omit<StoredEvent, 'data' | 'related'>;

type SummaryRow = Omit<EventRow, 'data' | 'related'>;
export type EventRow = {
  account_id: string;
  mode: World['mode'];
  id: string;
  type: string;
  notations: string[];
  item_type: string;
  item_id: string;
  campaign: string | null;
  shop: string | null;
  happened_at: Date;
  data: unknown;
  related: Record<string, unknown>;
  created_at: Date;
  matched_at: Date | null;
  fault: string | null;
  depth: number;
  tries: number;
  cause_run: string | null;
  traceparent: string | null;
};

const SUMMARY_COLUMNS = `account_id, mode, id, type, notations, item_type, item_id, campaign, shop, happened_at, created_at,
  matched_at, fault, depth, tries, cause_run, traceparent`;
export const EVENT_COLUMNS = `${SUMMARY_COLUMNS}, data, related`;

/**
 * Keeps events that aren't there yet, in their order.
 * @param events with different keys
 * @param state `matched`: by this transaction; `unmatched`: for the router
 * @returns keys of those that are new
 */
export async function insertEvents(
  sql: Sql,
  events: readonly PublishedEvent[],
  state: 'matched' | 'unmatched',
): Promise<Set<string>> {
  const rows = await sql.query<{ account_id: string; mode: World['mode']; id: string }>(
    `insert into events (account_id, mode, id, type, notations, item_type, item_id, campaign, shop, happened_at, data, related,
       depth, cause_run, traceparent, matched_at)
     select account_id, mode, id, type, notations, item_type, item_id, campaign, shop, happened_at, data, related, depth,
       cause_run, traceparent, case when $2 = 'matched' then now() end
     from jsonb_to_recordset($1::jsonb) as n(place integer, account_id text, mode mode, id text, type text, notations text[],
       item_type text, item_id text, campaign text, shop text, happened_at timestamptz, data jsonb, related jsonb,
       depth integer, cause_run uuid, traceparent text)
     -- What the platform says of an account that is gone meanwhile is said to nobody.
     where exists (select from accounts a where a.id = n.account_id)
     -- Joined, they would come in any order: their positions are given in this one.
     order by place
     on conflict (account_id, mode, id) do nothing
     returning account_id, mode, id`,
    [JSON.stringify(events.map((event, place) => ({ ...toRow(event), place }))), state],
    'insert events',
  );
  return new Set(rows.map(({ account_id, mode, id }) => eventKey({ accountId: account_id, mode, id })));
}

export async function findEvent(sql: Sql, world: World, id: string): Promise<StoredEvent | null> {
  const [found] = await findEvents(sql, world, [id]);
  return found ?? null;
}

/** In no order. */
export async function findEvents(sql: Sql, world: World, ids: readonly string[]): Promise<StoredEvent[]> {
  const rows = await sql.query<EventRow>(
    `select ${EVENT_COLUMNS} from events where account_id = $1 and mode = $2 and id = any($3)`,
    [world.accountId, world.mode, ids],
  );
  return rows.map(fromRow);
}

/**
 * `waiting`: about to be routed, or to be tried again; `set_aside`: see `fault`, and nobody tries it again by
 * themselves.
 */
export const EVENT_STATES = ['waiting', 'routed', 'set_aside'] as const;
export type EventState = (typeof EVENT_STATES)[number];

/** Pure. */
export function eventState({ matchedAt, fault }: Pick<StoredEvent, 'matchedAt' | 'fault'>): EventState {
  if (matchedAt === null) return 'waiting';
  return fault === null ? 'routed' : 'set_aside';
}

export type EventQuery = {
  type: string | null;
  notation: string | null;
  itemType: string | null;
  itemId: string | null;
  state: EventState | null;
  limit: number;
  /** Id of the last event of the page before. */
  after: string | null;
};

/** The last to be kept first. */
export async function listEvents(sql: Sql, world: World, query: EventQuery): Promise<EventSummary[]> {
  const rows = await sql.query<SummaryRow>(
    `select ${SUMMARY_COLUMNS} from events
     where account_id = $1 and mode = $2
       and ($3::text is null or type = $3)
       and ($4::text is null or $4 = any(notations))
       and ($5::text is null or item_type = $5)
       and ($6::text is null or item_id = $6)
       and ($7::text is null or position < (
         select position from events l where l.account_id = $1 and l.mode = $2 and l.id = $7))
       and ($9::text is null
         or $9 = 'waiting' and matched_at is null
         or $9 = 'routed' and matched_at is not null and fault is null
         or $9 = 'set_aside' and fault is not null)
     order by position desc limit $8`,
    [
      world.accountId,
      world.mode,
      query.type,
      query.notation,
      query.itemType,
      query.itemId,
      query.after,
      query.limit,
      query.state,
    ],
  );
  return rows.map(summaryOf);
}

/** Deletes matched events older than the retention, at most `limit`; returns how many. Over all accounts. */
export async function deleteOldEvents(sql: Sql, retentionDays: number, limit: number): Promise<number> {
  const rows = await sql.query(
    `delete from events where ctid = any(array(
       select ctid from events
       where created_at < now() - make_interval(days => $1) and matched_at is not null
       order by created_at limit $2 for update skip locked
     )) returning account_id`,
    [retentionDays, limit],
  );
  return rows.length;
}

function toRow(event: PublishedEvent): Record<string, unknown> {
  return {
    account_id: event.accountId,
    mode: event.mode,
    id: event.id,
    type: event.type,
    notations: event.notations,
    item_type: event.itemType,
    item_id: event.itemId,
    campaign: event.campaign,
    shop: event.shop,
    happened_at: event.date,
    data: event.data,
    related: event.related,
    depth: event.depth,
    cause_run: event.causeRunId ?? null,
    traceparent: event.traceparent ?? null,
  };
}

export function fromRow(row: EventRow): StoredEvent {
  return { ...summaryOf(row), data: row.data, related: row.related };
}

function summaryOf(row: SummaryRow): EventSummary {
  return {
    accountId: row.account_id,
    mode: row.mode,
    id: row.id,
    type: row.type,
    notations: row.notations,
    itemType: row.item_type,
    itemId: row.item_id,
    campaign: row.campaign,
    shop: row.shop,
    date: row.happened_at.toISOString(),
    depth: row.depth,
    createdAt: row.created_at,
    matchedAt: row.matched_at,
    fault: row.fault,
    tries: row.tries,
    causeRunId: row.cause_run,
    traceparent: row.traceparent,
  };
}

/** Newest first. */
export async function findEventIdsOfItem(
  sql: Sql,
  { accountId, mode }: World,
  itemId: string,
  limit: number,
): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `select id from events where account_id = $1 and mode = $2 and item_id = $3 order by position desc limit $4`,
    [accountId, mode, itemId, limit],
  );
  return rows.map(({ id }) => id);
}
