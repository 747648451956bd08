// SQL of accounts that are deleted: which are due, the key that goes first, portions of their rows, and the
// report. Knows no table by its name but the accounts': every table with an account_id is the account's.
// Called by delete-accounts.ts, and by the API that shows reports.
import type { Sql } from '../postgres/database.ts';
import { STATUS_CHANNEL } from './account-status-store.ts';
import { addAuditEntry, emptyAuditEntries } from './operator-audit-store.ts';

export type DeletionReport = {
  accountId: string;
  externalId: string | null;
  requestedAt: Date;
  begunAt: Date;
  /** null: it goes on. */
  endedAt: Date | null;
  /** Deleted so far, by table. */
  rows: Record<string, number>;
};

type ReportRow = {
  account_id: string;
  external_id: string | null;
  requested_at: Date;
  begun_at: Date;
  ended_at: Date | null;
  rows: Record<string, number>;
};

const COLUMNS = 'account_id, external_id, requested_at, begun_at, ended_at, rows';

/**
 * Begins with one whose time of grace is over and that has no run going on: its key is destroyed, and with it
 * everything that it has sealed.
 * @returns null where there is none
 */
export async function beginDeletion(sql: Sql): Promise<string | null> {
  const [row] = await sql.query<{ account_id: string }>(
    `with due as (
       select id, external_id, status_since from accounts
       where delete_at <= now() and not exists (select from account_deletions d where d.account_id = accounts.id)
         and not exists (select from runs where runs.status = 'running' and runs.account_id = accounts.id)
       order by delete_at limit 1 for update skip locked
     ), emptied as (
       update accounts set sealed_key = '', name = null, labels = '{}', status_reason = null, reason_before = null,
         external_id = null, request_hash = null
       from due where accounts.id = due.id
     )
     insert into account_deletions (account_id, external_id, requested_at)
     select id, external_id, status_since from due returning account_id`,
  );
  if (row === undefined) return null;
  await emptyAuditEntries(sql, row.account_id);
  await sql.query('select pg_notify($1, $2)', [STATUS_CHANNEL, row.account_id]);
  return row.account_id;
}

export async function hasBegun(sql: Sql, accountId: string): Promise<boolean> {
  const rows = await sql.query('select from account_deletions where account_id = $1', [accountId]);
  return rows.length > 0;
}

/** Until the end of the transaction no other node works on it. @returns null where none is unfinished */
export async function lockDeletion(sql: Sql): Promise<string | null> {
  const [row] = await sql.query<{ account_id: string }>(
    `select account_id from account_deletions where ended_at is null order by account_id limit 1 for update skip locked`,
  );
  return row?.account_id ?? null;
}

/** How long until an account's time of grace is over; null: none is closed. ms, on the database's clock */
export async function msUntilDeletion(sql: Sql): Promise<number | null> {
  const [row] = await sql.query<{ ms: number | null }>(
    `select extract(epoch from min(delete_at) - now())::float8 * 1000 as ms from accounts
     where delete_at is not null and not exists (select from account_deletions d where d.account_id = accounts.id)`,
  );
  return row?.ms ?? null;
}

/**
 * A table whose rows belong to accounts, what it is a partition of, and those of them that its rows lean on.
 */
export type AccountTable = { name: string; partOf: string | null; leansOn: string[] };

export async function listAccountTables(sql: Sql): Promise<AccountTable[]> {
  return await sql.query<AccountTable>(
    `select c.relname as name, p.relname as "partOf", coalesce((
       select array_agg(distinct l.relname::text) from pg_constraint f join pg_class l on l.oid = f.confrelid
       where f.conrelid = c.oid and f.contype = 'f' and l.oid <> c.oid), '{}') as "leansOn"
     from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'account_id' and not a.attisdropped
     left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent
     where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and c.relname <> 'account_deletions'
     order by c.relname`,
  );
}

/** @param table of {@link listAccountTables}. @returns how many were deleted, at most `limit` */
export async function deletePortion(
  sql: Sql,
  table: string,
  accountId: string,
  limit: number,
): Promise<number> {
  const [row] = await sql.query<{ gone: number }>(
    `with gone as (
       delete from ${table} where ctid = any (array(select ctid from ${table} where account_id = $1 limit $2)) returning 1)
     select count(*) as gone from gone`,
    [accountId, limit],
  );
  return row?.gone ?? 0;
}

/** Adds to the report, in the transaction that deletes. */
export async function countDeleted(
  sql: Sql,
  accountId: string,
  deleted: Readonly<Record<string, number>>,
): Promise<void> {
  await sql.query(
    `update account_deletions set rows = rows || (
       select coalesce(jsonb_object_agg(key, value::bigint + coalesce((rows ->> key)::bigint, 0)), '{}')
       from jsonb_each_text($2::jsonb))
     where account_id = $1`,
    [accountId, JSON.stringify(deleted)],
  );
}

/** The account itself, of which nothing is left; nodes go on knowing it as closed for a while. */
export async function endDeletion(sql: Sql, accountId: string): Promise<void> {
  await sql.query('delete from accounts where id = $1', [accountId]);
  const byPlatform = { tokenId: null, address: null, before: null, after: null };
  await addAuditEntry(sql, { ...byPlatform, action: 'account.deleted', accountId });
  await sql.query('update account_deletions set ended_at = now() where account_id = $1', [accountId]);
  await sql.query('select pg_notify($1, $2)', [STATUS_CHANNEL, accountId]);
}

export async function findDeletion(sql: Sql, accountId: string): Promise<DeletionReport | null> {
  const [row] = await sql.query<ReportRow>(`select ${COLUMNS} from account_deletions where account_id = $1`, [
    accountId,
  ]);
  return row === undefined ? null : fromRow(row);
}

/** Newest first. `after`: the account of the last one of the page before. */
export async function listDeletions(
  sql: Sql,
  { limit, after }: { limit: number; after: string | null },
): Promise<DeletionReport[]> {
  const rows = await sql.query<ReportRow>(
    `select ${COLUMNS} from account_deletions
     where $1::text is null or (begun_at, account_id) < (
       select last.begun_at, last.account_id from account_deletions last where last.account_id = $1)
     order by begun_at desc, account_id desc limit $2`,
    [after, limit],
  );
  return rows.map(fromRow);
}

function fromRow(row: ReportRow): DeletionReport {
  return {
    accountId: row.account_id,
    externalId: row.external_id,
    requestedAt: row.requested_at,
    begunAt: row.begun_at,
    endedAt: row.ended_at,
    rows: row.rows,
  };
}
