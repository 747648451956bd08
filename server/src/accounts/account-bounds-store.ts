// SQL of what accounts may have: what is usual here, written for the database's own function account_bound to
// read, what plans say, and what an account has of its own. Called at the server's start, and by the
// API of limits.
import type { AccountBounds, BoundName } from '../config/account-bounds.ts';
import type { Sql } from '../postgres/database.ts';

/** What accounts get that have nothing of their own. */
export async function writeUsualBounds(sql: Sql, usual: AccountBounds): Promise<void> {
  await sql.query(
    `insert into usual_bounds (name, most) select key, value::bigint from jsonb_each_text($1::jsonb)
     on conflict (name) do update set most = excluded.most where usual_bounds.most <> excluded.most`,
    [JSON.stringify(usual)],
  );
}

/** What an account may have of it; null: nothing is said of it here. */
export async function findBound(sql: Sql, accountId: string, name: BoundName): Promise<number | null> {
  const [row] = await sql.query<{ most: number | null }>('select account_bound($1, $2) as most', [
    accountId,
    name,
  ]);
  return row?.most ?? null;
}

/** The same, with what holds where nothing is said. */
export async function boundOf(
  sql: Sql,
  accountId: string,
  { name, usual }: { name: BoundName; usual: number },
): Promise<number> {
  return (await findBound(sql, accountId, name)) ?? usual;
}

export type OwnBounds = Partial<Record<BoundName, number>>;

/** @returns null where there is no such account */
export async function findOwnBounds(sql: Sql, accountId: string): Promise<OwnBounds | null> {
  const [row] = await sql.query<{ bounds: OwnBounds }>('select bounds from accounts where id = $1', [
    accountId,
  ]);
  return row?.bounds ?? null;
}

/** What the account's plan says; nothing, where it is on none. */
export async function findPlanBounds(sql: Sql, accountId: string): Promise<OwnBounds> {
  const [row] = await sql.query<{ bounds: OwnBounds }>(
    'select p.bounds from accounts a join plans p on p.name = a.plan where a.id = $1',
    [accountId],
  );
  return row?.bounds ?? {};
}

/** Changes those that are given; null gives the usual one back. */
export async function setOwnBounds(
  sql: Sql,
  accountId: string,
  change: Partial<Record<BoundName, number | null>>,
): Promise<void> {
  await sql.query('update accounts set bounds = jsonb_strip_nulls(bounds || $2::jsonb) where id = $1', [
    accountId,
    JSON.stringify(change),
  ]);
}
