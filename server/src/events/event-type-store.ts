// SQL of the catalogue: types and notations that are known, to every account or to one. An account sees and
// changes its own alone. Every change notifies EVENT_TYPES_CHANNEL, by the database itself
// (server/sql/0004_events.sql).
import { lockAdding } from '../accounts/world-table-store.ts';
import type { Sql } from '../postgres/database.ts';

/** Called with the account whose catalogue has changed; empty: everybody's. */
export const EVENT_TYPES_CHANNEL = 'millrace_event_types';

export type EventType = {
  name: string;
  itemType: string;
  description: string | null;
  /** The platform publishes it, and nobody else. */
  isOwn: boolean;
  /** Of the whole installation, not of this account. */
  isBuiltin: boolean;
};

type EventTypeRow = {
  name: string;
  item_type: string;
  description: string | null;
  is_own: boolean;
  is_builtin: boolean;
};

/** Those of the installation and of the account, by name. */
export async function listEventTypes(sql: Sql, accountId: string): Promise<EventType[]> {
  const rows = await sql.query<EventTypeRow>(
    `select distinct on (name) name, item_type, description, is_own, account_id is null as is_builtin from event_types
     where account_id = $1 or account_id is null order by name, account_id nulls first`,
    [accountId],
  );
  return rows.map((row) => ({
    name: row.name,
    itemType: row.item_type,
    description: row.description,
    isOwn: row.is_own,
    isBuiltin: row.is_builtin,
  }));
}

/** Item types of the installation besides those that its types name: they belong to no account. */
export async function listItemTypes(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ name: string }>('select name from event_item_types');
  return rows.map((row) => row.name);
}

export type NewEventType = Pick<EventType, 'name' | 'itemType' | 'description'>;

/**
 * @returns `full` where the account has `most` of its own already; `known` where it is there, in which case
 * nothing changes
 */
export async function insertEventType(
  sql: Sql,
  accountId: string,
  made: NewEventType,
  most: number,
): Promise<'made' | 'known' | 'full'> {
  await lockAdding(sql, { accountId }, 'event_types');
  const rows = await sql.query(
    `insert into event_types (account_id, name, item_type, description)
     select $1, $2, $3, $4
     where not exists (select from event_types where account_id is null and name = $2)
       and (select count(*) from event_types where account_id = $1) < $5
     on conflict (account_id, name) do nothing returning name`,
    [accountId, made.name, made.itemType, made.description, most],
  );
  if (rows.length > 0) return 'made';
  const known = await sql.query(
    'select from event_types where (account_id = $1 or account_id is null) and name = $2',
    [accountId, made.name],
  );
  return known.length > 0 ? 'known' : 'full';
}

/** @returns whether the account had it */
export async function deleteEventType(sql: Sql, accountId: string, name: string): Promise<boolean> {
  const rows = await sql.query('delete from event_types where account_id = $1 and name = $2 returning name', [
    accountId,
    name,
  ]);
  return rows.length > 0;
}
