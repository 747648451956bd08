// SQL of hosts that belong to an account. Every change is announced on HOST_CHANNEL, so that nodes read them
// again (host-directory.ts).
import type { Sql } from '../postgres/database.ts';
import type { World } from './account.ts';

/** PostgreSQL channel; the payload says nothing. */
export const HOST_CHANNEL = 'millrace_sites_changed';

export type OwnHost = { host: string; createdAt: Date };

/** Of every account: this is what the whole node serves. */
export async function listAllHosts(sql: Sql): Promise<{ host: string; world: World }[]> {
  const rows = await sql.query<{ domain: string; account_id: string; mode: World['mode'] }>(
    'select domain, account_id, mode from domains',
  );
  return rows.map((row) => ({ host: row.domain, world: { accountId: row.account_id, mode: row.mode } }));
}

export async function listHosts(sql: Sql, world: World): Promise<OwnHost[]> {
  const rows = await sql.query<{ domain: string; created_at: Date }>(
    'select domain, created_at from domains where account_id = $1 and mode = $2 order by domain',
    [world.accountId, world.mode],
  );
  return rows.map((row) => ({ host: row.domain, createdAt: row.created_at }));
}

/** @returns false where another world has it */
export async function insertHost(sql: Sql, world: World, host: string): Promise<boolean> {
  const rows = await sql.query(
    `insert into domains (domain, account_id, mode) values ($1, $2, $3)
     on conflict (domain) do update set domain = excluded.domain
       where domains.account_id = $2 and domains.mode = $3
     returning domain`,
    [host, world.accountId, world.mode],
  );
  return await announced(sql, rows);
}

/** @returns whether it was there */
export async function deleteHost(sql: Sql, world: World, host: string): Promise<boolean> {
  const rows = await sql.query(
    'delete from domains where domain = $1 and account_id = $2 and mode = $3 returning domain',
    [host, world.accountId, world.mode],
  );
  return await announced(sql, rows);
}

/** @returns whether rows were written */
async function announced(sql: Sql, rows: readonly unknown[]): Promise<boolean> {
  if (rows.length > 0) await announceHosts(sql);
  return rows.length > 0;
}

/** Nodes read hosts again. */
export async function announceHosts(sql: Sql): Promise<void> {
  await sql.query('select pg_notify($1, $2)', [HOST_CHANNEL, '']);
}
