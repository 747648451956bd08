// Event subscriptions in the database. Never opens their secrets. Called by the dialect that shows them and
// by delivery-store.ts.
import type { World } from '../accounts/account.ts';
import { lockAdding } from '../accounts/world-table-store.ts';
import type { Sql } from '../postgres/database.ts';
import type { SealedSubscription } from './event-subscription.ts';

export type NewSubscription = Omit<SealedSubscription, 'revision' | 'createdAt' | 'modifiedAt'>;

export type SubscriptionRow = {
  id: string;
  account_id: string;
  mode: World['mode'];
  shape: SealedSubscription['shape'];
  event_type: string;
  method: SealedSubscription['method'];
  format: SealedSubscription['format'];
  destination: string;
  expand: string | null;
  show: string | null;
  hide: string | null;
  active: boolean;
  time_zone: string;
  comments: string | null;
  authorization_username: string | null;
  custom_header_name: string | null;
  sealed_secrets: Buffer;
  revision: number;
  created_at: Date;
  modified_at: Date;
};

const COLUMNS = `s.id, s.account_id, s.mode, s.event_type, s.method, s.format, s.destination, s.expand, s.show, s.hide, s.active,
  s.time_zone, s.comments, s.authorization_username, s.custom_header_name, s.shape, s.sealed_secrets, s.revision, s.created_at, s.modified_at`;

/** @returns null when the world already has `most` of them */
export async function insertSubscription(
  sql: Sql,
  made: NewSubscription,
  most: number,
): Promise<SealedSubscription | null> {
  await lockAdding(sql, made, 'event_subscriptions');
  const [row] = await sql.query<SubscriptionRow>(
    `insert into event_subscriptions as s (id, account_id, mode, event_type, method, format, destination, expand, show, hide, active,
       time_zone, comments, authorization_username, custom_header_name, shape, sealed_secrets)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17
     where (select count(*) from event_subscriptions where account_id = $2 and mode = $3) < $18
     returning ${COLUMNS}`,
    [...settingsOf(made), most],
  );
  return row === undefined ? null : fromRow(row);
}

/** @returns the changed subscription, or null where it isn't there or was changed since it was read */
export async function updateSubscription(
  sql: Sql,
  changed: NewSubscription,
  revision: number,
): Promise<SealedSubscription | null> {
  const [row] = await sql.query<SubscriptionRow>(
    `update event_subscriptions as s
     set event_type = $4, method = $5, format = $6, destination = $7, expand = $8, show = $9, hide = $10, active = $11,
       time_zone = $12, comments = $13, authorization_username = $14, custom_header_name = $15, shape = $16, sealed_secrets = $17,
       revision = revision + 1, modified_at = now()
     where id = $1 and account_id = $2 and mode = $3 and revision = $18
     returning ${COLUMNS}`,
    [...settingsOf(changed), revision],
  );
  return row === undefined ? null : fromRow(row);
}

function settingsOf(one: NewSubscription): unknown[] {
  return [
    ...[one.id, one.accountId, one.mode, one.eventType, one.method, one.format, one.destination],
    ...[one.expand, one.show, one.hide, one.active, one.timeZone, one.comments],
    ...[one.authorizationUsername, one.customHeaderName, one.shape, one.sealedSecrets],
  ];
}

export async function getSubscription(
  sql: Sql,
  world: World,
  id: string,
): Promise<SealedSubscription | null> {
  const [row] = await sql.query<SubscriptionRow>(
    `select ${COLUMNS} from event_subscriptions s where s.id = $1 and s.account_id = $2 and s.mode = $3`,
    [id, world.accountId, world.mode],
  );
  return row === undefined ? null : fromRow(row);
}

/** Deletes it; what is still on its way to it fails. @returns the deleted one, null where it isn't there */
export async function deleteSubscription(
  sql: Sql,
  world: World,
  id: string,
): Promise<SealedSubscription | null> {
  const [row] = await sql.query<SubscriptionRow>(
    `with ended as (
       update deliveries set status = 'failed', due_at = null, node = null, run_id = null, claims = claims + 1,
         debug = 'the event subscription was deleted', modified_at = now()
       where subscription_id = $1 and account_id = $2 and mode = $3 and status in ('queued', 'retry')
     )
     delete from event_subscriptions s where s.id = $1 and s.account_id = $2 and s.mode = $3 returning ${COLUMNS}`,
    [id, world.accountId, world.mode],
  );
  return row === undefined ? null : fromRow(row);
}

const SORT_COLUMNS = {
  createdAt: 's.created_at',
  modifiedAt: 's.modified_at',
  eventType: 's.event_type',
  destination: 'lower(s.destination)',
} as const;
export type SubscriptionSort = keyof typeof SORT_COLUMNS;

export type SubscriptionQuery = {
  /** null: both. */
  active: boolean | null;
  eventType: string | null;
  /** Text that type, destination or comments must contain, in any case; null: all. */
  text: string | null;
  sortBy: SubscriptionSort;
  order: 'ascending' | 'descending';
  limit: number;
  offset: number;
};

/** What the active subscriptions of a world ask for. */
export async function listSubscribed(sql: Sql, world: World): Promise<{ id: string; eventType: string }[]> {
  const rows = await sql.query<{ id: string; event_type: string }>(
    'select id, event_type from event_subscriptions where account_id = $1 and mode = $2 and active',
    [world.accountId, world.mode],
  );
  return rows.map((row) => ({ id: row.id, eventType: row.event_type }));
}

/** Newest first. `after`: the id of the last one of the page before. */
export async function pageSubscriptions(
  sql: Sql,
  world: World,
  { eventType, after, limit }: { eventType: string | null; after: string | null; limit: number },
): Promise<SealedSubscription[]> {
  const rows = await sql.query<SubscriptionRow>(
    `select ${COLUMNS} from event_subscriptions s where s.account_id = $1 and s.mode = $2
       and ($3::text is null or s.event_type = $3)
       and ($4::text is null or (s.created_at, s.id) < (select l.created_at, l.id from event_subscriptions l
         where l.id = $4 and l.account_id = $1 and l.mode = $2))
     order by s.created_at desc, s.id desc limit $5`,
    [world.accountId, world.mode, eventType, after, limit],
  );
  return rows.map(fromRow);
}

/** One page of a world's subscriptions, and how many there are on all pages. */
export async function listSubscriptions(
  sql: Sql,
  world: World,
  query: SubscriptionQuery,
): Promise<{ subscriptions: SealedSubscription[]; totalItems: number }> {
  const filter = `s.account_id = $1 and s.mode = $2 and ($3::boolean is null or s.active = $3)
    and ($4::text is null or s.event_type = $4)
    and ($5::text is null or s.event_type ilike $5 or s.destination ilike $5 or s.comments ilike $5)`;
  const text = query.text === null ? null : `%${query.text.replace(/[\\%_]/g, '\\$&')}%`;
  const values = [world.accountId, world.mode, query.active, query.eventType, text];
  const direction = query.order === 'descending' ? 'desc' : 'asc';
  const [counted] = await sql.query<{ total: number }>(
    `select count(*) as total from event_subscriptions s where ${filter}`,
    values,
  );
  const rows = await sql.query<SubscriptionRow>(
    `select ${COLUMNS} from event_subscriptions s where ${filter}
     order by ${SORT_COLUMNS[query.sortBy]} ${direction}, s.id ${direction} limit $6 offset $7`,
    [...values, query.limit, query.offset],
  );
  return { subscriptions: rows.map(fromRow), totalItems: counted?.total ?? 0 };
}

function fromRow(row: SubscriptionRow): SealedSubscription {
  return {
    id: row.id,
    accountId: row.account_id,
    mode: row.mode,
    shape: row.shape,
    eventType: row.event_type,
    method: row.method,
    format: row.format,
    destination: row.destination,
    expand: row.expand,
    show: row.show,
    hide: row.hide,
    active: row.active,
    timeZone: row.time_zone,
    comments: row.comments,
    authorizationUsername: row.authorization_username,
    customHeaderName: row.custom_header_name,
    sealedSecrets: row.sealed_secrets,
    revision: row.revision,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
