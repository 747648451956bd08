// SQL of a table whose rows are small works of the platform's own, of all accounts: waiting, due at some
// time, and held for a bounded time by the node that works on one. What it writes counts only where `claims`
// is still its own. Knows no table: the noun's store says which, when a row waits, and how its work ends.
// Such a table has id, account_id, due_at, claims and lease_until; ended_at where works are rows of their
// own. Used by claim-engine.ts.
import type { QueryResultRow } from 'pg';
import { isActive } from '../accounts/account-status-store.ts';
import { ownersOf, turnsOverAccounts } from '../accounts/turns-store.ts';
import type { Table } from '../accounts/world-table-store.ts';
import type { Sql } from '../postgres/database.ts';

/**
 * `except`: accounts that have enough in hand; `inHand`: how many each has. What is claimed is held for
 * `leaseMs`; then another node may take it.
 */
export type WorkRoom = {
  limit: number;
  except: readonly string[];
  inHand: Readonly<Record<string, number>>;
  leaseMs: number;
};

/** A work and its claim's number. */
export type Claimed = { accountId: string; id: string; claims: number };

export type WorkTable<Item> = {
  /**
   * Goes round the accounts, first those that have least in hand; of each, what has been due for longest.
   * What it has taken when its answer is lost is soon due again.
   */
  claim(sql: Sql, room: WorkRoom): Promise<Item[]>;
  /** Holds claimed ones for longer. @returns ids of those that were still held by these claims */
  renew(sql: Sql, held: readonly Claimed[], leaseMs: number): Promise<ReadonlySet<string>>;
  /** How long until the next is due, on the database's clock; null: none is. ms */
  msUntilNext(sql: Sql, except: readonly string[]): Promise<number | null>;
  /** Deletes those that ended before the retention, at most `limit` of them; returns how many. */
  deleteOld(sql: Sql, retentionDays: number, limit: number): Promise<number>;
};

/** `waits`: of rows that have work in them, as in the index (account_id, due_at). */
export type WorkRows<Row extends QueryResultRow, Item> = Table<Row, Item> & { waits: string };

/** Of a table whose works have a status. */
export const QUEUED = "status = 'queued'";
/**
 * A claim is held for no longer until its answer has come: what nobody knows of mustn't wait until `leaseMs`
 * are over.
 */
const UNANSWERED_LEASE_MS = 2_000;

export function createWorkTable<Row extends QueryResultRow, Item extends Claimed>(
  table: WorkRows<Row, Item>,
): WorkTable<Item> {
  const { name, columns, fromRow, waits } = table;
  const due = turnsOverAccounts({
    ...{ table: name, key: 'id', order: 'due_at', ofAccount: '$1' },
    waits,
    isDue: 'w.due_at <= now() and (w.lease_until is null or w.lease_until < now())',
  });
  const renew: WorkTable<Item>['renew'] = async (sql, held, leaseMs) => {
    const rows = held.map(({ accountId, id, claims }) => ({ id, account_id: accountId, claims }));
    const renewed = await sql.query<{ id: string }>(
      `update ${name} w set lease_until = now() + make_interval(secs => $2::float8 / 1000)
       from jsonb_to_recordset($1::jsonb) as h(id uuid, account_id text, claims integer)
       where w.id = h.id and w.account_id = h.account_id and w.claims = h.claims and w.lease_until is not null
       returning w.id`,
      [JSON.stringify(rows), leaseMs],
    );
    return new Set(renewed.map(({ id }) => id));
  };
  return {
    renew,
    async claim(sql, { limit, except, inHand, leaseMs }) {
      const rows = await sql.query<Row>(
        `update ${name} set claims = claims + 1, lease_until = now() + make_interval(secs => $3::float8 / 1000)
         where id in (
           with recursive ${due}
           select key from turns where account_id <> all($2::text[])
           order by turn + coalesce(($4::jsonb ->> account_id)::integer, 0), place limit $1)
         returning ${columns}`,
        [limit, except, Math.min(leaseMs, UNANSWERED_LEASE_MS), JSON.stringify(inHand)],
      );
      if (rows.length === 0) return [];
      const items = rows.map(fromRow);
      // Once more, should this answer be the one that is lost.
      const held = await renew(sql, items, leaseMs).catch(() => renew(sql, items, leaseMs));
      return items.filter(({ id }) => held.has(id));
    },
    async msUntilNext(sql, except) {
      // The first of each account, and of those that are held: however many wait, few are looked at.
      const [row] = await sql.query<{ ms: number | null }>(
        `with recursive owners(account_id) as (${ownersOf({ table: name, waits })})
         select extract(epoch from least((
             select min(first.due_at) from owners cross join lateral (
               select w.due_at from ${name} w
               where w.account_id = owners.account_id and ${waits} and w.due_at is not null and w.lease_until is null
               order by w.due_at limit 1) as first
             where owners.account_id <> all($1::text[]) and ${isActive('owners.account_id')}
           ), (
             select min(greatest(due_at, lease_until)) from ${name}
             where ${waits} and due_at is not null and lease_until is not null and account_id <> all($1::text[])
               and ${isActive(`${name}.account_id`)}
           )) - now())::float8 * 1000 as ms`,
        [except],
      );
      return row?.ms ?? null;
    },
    async deleteOld(sql, retentionDays, limit) {
      const rows = await sql.query(
        `delete from ${name} where id in (
           select id from ${name} where ended_at < now() - make_interval(days => $1) limit $2) returning account_id`,
        [retentionDays, limit],
      );
      return rows.length;
    },
  };
}
