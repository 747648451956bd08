// SQL of what sites call an account: portal ids that it had elsewhere. Every change is announced as one of
// its hosts is, so that nodes forget what they keep (site-directory.ts). Which account a name means is asked
// in portal-store.ts.
import type { World } from '../../../accounts/account.ts';
import { HOST_CHANNEL } from '../../../accounts/host-store.ts';
import type { Sql } from '../../../postgres/database.ts';

export type SitePortal = { portalId: number; createdAt: Date };

export async function listPortals(sql: Sql, world: World): Promise<SitePortal[]> {
  const rows = await sql.query<{ portal_id: number; created_at: Date }>(
    `select portal_id, created_at from portals
     where account_id = $1 and mode = $2 order by created_at, portal_id`,
    [world.accountId, world.mode],
  );
  return rows.map((row) => ({ portalId: row.portal_id, createdAt: row.created_at }));
}

/** @returns false where another world has it, or it is an account's own number */
export async function insertPortal(sql: Sql, world: World, portalId: number): Promise<boolean> {
  const rows = await sql.query(
    `insert into portals (portal_id, account_id, mode)
     select $1, $2, $3 where not exists (select from accounts where number = $1)
     on conflict (portal_id) do update set portal_id = excluded.portal_id
       where portals.account_id = $2 and portals.mode = $3
     returning portal_id`,
    [portalId, world.accountId, world.mode],
  );
  return await announced(sql, rows);
}

/** @returns whether it was there */
export async function deletePortal(sql: Sql, world: World, portalId: number): Promise<boolean> {
  const rows = await sql.query(
    'delete from portals where portal_id = $1 and account_id = $2 and mode = $3 returning portal_id',
    [portalId, world.accountId, world.mode],
  );
  return await announced(sql, rows);
}

/**
 * The operator of the installation has the first account. No account here: the question is which there are.
 */
export async function listFirstAccounts(sql: Sql): Promise<{ accountId: string; number: number }[]> {
  const rows = await sql.query<{ id: string; number: number }>(
    'select id, number from accounts order by number limit 2',
  );
  return rows.map((row) => ({ accountId: row.id, number: row.number }));
}

/** @returns whether rows were written */
async function announced(sql: Sql, rows: readonly unknown[]): Promise<boolean> {
  if (rows.length > 0) await sql.query('select pg_notify($1, $2)', [HOST_CHANNEL, '']);
  return rows.length > 0;
}
