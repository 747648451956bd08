// SQL of how much was written for accounts, by day. Called by kept-bytes.ts.
import type { Sql } from '../postgres/database.ts';

/** Of an account: all days that are kept together, and the bound that it or its plan has; null: as usual. */
export type Kept = { accountId: string; bytes: number; limit: number | null };

/** Adds to today, over all nodes. @returns what each of them has now */
export async function addBytes(
  sql: Sql,
  added: ReadonlyMap<string, number>,
  keptDays: number,
): Promise<Kept[]> {
  const rows = [...added].map(([account_id, bytes]) => ({ account_id, bytes }));
  return await sql.query<Kept>(
    `with given as (
       select a.id, n.bytes, own_or_plans_bound(a.id, 'kept_bytes') as own
       from jsonb_to_recordset($1::jsonb) as n(account_id text, bytes bigint) join accounts a on a.id = n.account_id
     ), written as (
       insert into account_bytes as b (account_id, day, bytes) select id, current_date, bytes from given order by id
       on conflict (account_id, day) do update set bytes = b.bytes + excluded.bytes
     )
     select id as "accountId", own as "limit", given.bytes + coalesce((
       select sum(b.bytes) from account_bytes b where b.account_id = given.id and b.day > current_date - $2::integer), 0)::bigint as bytes
     from given`,
    [JSON.stringify(rows), keptDays],
    'add bytes',
  );
}

export async function deleteOldDays(sql: Sql, keptDays: number): Promise<void> {
  await sql.query('delete from account_bytes where day <= current_date - $1::integer', [keptDays]);
}
