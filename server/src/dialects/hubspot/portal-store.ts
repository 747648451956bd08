// SQL of what an account is called from outside: its number, portal ids that it had elsewhere, and its domains. These statements
// alone know no account beforehand: they are the ones that find it.
import type { World } from '../../accounts/account.ts';
import type { Sql } from '../../postgres/database.ts';

type WorldRow = { account_id: string; mode: World['mode'] };

/** An account's own number means its live world; another portal id means what it was given for. */
export async function findPortal(sql: Sql, portalId: number): Promise<World | null> {
  const [row] = await sql.query<WorldRow>(
    `select id as account_id, 'live' as mode from accounts where number = $1
     union all
     select account_id, mode::text from portals
     where portal_id = $1 and not exists (select from accounts where number = $1)`,
    [portalId],
  );
  return row === undefined ? null : { accountId: row.account_id, mode: row.mode };
}

/** The portal id that a world's functions and clients see: the one it had elsewhere, else the account's number. */
export async function findPortalId(sql: Sql, world: World): Promise<number | null> {
  const [row] = await sql.query<{ portal_id: number }>(
    `select coalesce(
       (select portal_id from portals where account_id = $1 and mode = $2 order by created_at, portal_id limit 1),
       (select number from accounts where id = $1)) as portal_id`,
    [world.accountId, world.mode],
  );
  return row?.portal_id ?? null;
}

/** @param domain lower case, without port */
export async function findDomain(sql: Sql, domain: string): Promise<World | null> {
  const [row] = await sql.query<WorldRow>('select account_id, mode from domains where domain = $1', [domain]);
  return row === undefined ? null : { accountId: row.account_id, mode: row.mode };
}
