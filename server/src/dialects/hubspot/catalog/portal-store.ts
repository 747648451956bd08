// SQL of what an account is called from outside: its number, and portal ids that it had elsewhere. These
// statements alone know no account beforehand: they are the ones that find it.
import type { World } from '../../../accounts/account.ts';
import { PORTAL_PATTERN } from '../../../config/site-settings.ts';
import type { Sql } from '../../../postgres/database.ts';

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

/** @param portal as settings and pages name one: a number, with `.test` behind it for the test world */
export async function findNamedPortal(sql: Sql, portal: string): Promise<World | null> {
  if (!PORTAL_PATTERN.test(portal)) return null;
  const world = await findPortal(sql, Number.parseInt(portal, 10));
  if (world === null) return null;
  return portal.endsWith('.test') ? { ...world, mode: 'test' } : world;
}

/**
 * All that a world's clients may call its account: its number first, then portal ids that it had elsewhere.
 */
export async function listOwnNumbers(sql: Sql, world: World): Promise<number[]> {
  const rows = await sql.query<{ number: number }>(
    `select number, '-infinity'::timestamptz as since from accounts where id = $1
     union all
     select portal_id, created_at from portals where account_id = $1 and mode = $2
     order by since, number`,
    [world.accountId, world.mode],
  );
  return rows.map(({ number }) => number);
}

/**
 * The portal id that a world's functions and clients see: the one it had elsewhere, else the account's
 * number.
 */
export async function findPortalId(sql: Sql, world: World): Promise<number | null> {
  const [row] = await sql.query<{ portal_id: number }>(
    `select coalesce(
       (select portal_id from portals where account_id = $1 and mode = $2 order by created_at, portal_id limit 1),
       (select number from accounts where id = $1)) as portal_id`,
    [world.accountId, world.mode],
  );
  return row?.portal_id ?? null;
}
