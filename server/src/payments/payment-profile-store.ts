// SQL of payment profiles. Called by the API.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { ProfileFields } from './payment-fields.ts';
import type { PaymentProfile } from './payment-profile.ts';

type Row = {
  id: string;
  account_id: string;
  mode: World['mode'];
  name: string;
  enabled: boolean;
  nodes: PaymentProfile['nodes'];
  created_at: Date;
  modified_at: Date;
};

const COLUMNS = 'id, account_id, mode, name, enabled, nodes, created_at, modified_at';

/** Adds a profile, or writes all of one that is there. @returns null where another one has the name */
export async function putPaymentProfile(
  sql: Sql,
  world: World,
  id: string,
  fields: ProfileFields,
): Promise<PaymentProfile | null> {
  const [row] = await sql.query<Row>(
    `insert into payment_profiles (id, account_id, mode, name, enabled, nodes)
     select $1, $2, $3, $4, $5, $6
     where not exists (
       select from payment_profiles where account_id = $2 and mode = $3 and lower(name) = lower($4) and id <> $1)
     on conflict (id) do update set name = excluded.name, enabled = excluded.enabled, nodes = excluded.nodes,
       modified_at = now()
     where payment_profiles.account_id = excluded.account_id and payment_profiles.mode = excluded.mode
     returning ${COLUMNS}`,
    [id, world.accountId, world.mode, fields.name, fields.enabled, JSON.stringify(fields.nodes)],
  );
  return row === undefined ? null : fromRow(row);
}

export async function getPaymentProfile(sql: Sql, world: World, id: string): Promise<PaymentProfile | null> {
  const [row] = await sql.query<Row>(
    `select ${COLUMNS} from payment_profiles where id = $1 and account_id = $2 and mode = $3`,
    [id, world.accountId, world.mode],
  );
  return row === undefined ? null : fromRow(row);
}

/** Whether there is one of that id or name. */
export async function hasPaymentProfile(sql: Sql, world: World, idOrName: string): Promise<boolean> {
  const rows = await sql.query(
    `select id from payment_profiles
     where account_id = $1 and mode = $2 and (id = $3 or lower(name) = lower($3)) limit 1`,
    [world.accountId, world.mode, idOrName],
  );
  return rows.length > 0;
}

/** @returns whether it was there */
export async function deletePaymentProfile(sql: Sql, world: World, id: string): Promise<boolean> {
  const rows = await sql.query(
    'delete from payment_profiles where id = $1 and account_id = $2 and mode = $3 returning id',
    [id, world.accountId, world.mode],
  );
  return rows.length > 0;
}

/** Newest first. `after` is the id of the last one of the page before. */
export async function listPaymentProfiles(
  sql: Sql,
  world: World,
  page: { limit: number; after: string | null },
): Promise<PaymentProfile[]> {
  const rows = await sql.query<Row>(
    `select ${COLUMNS} from payment_profiles
     where account_id = $1 and mode = $2
       and ($3::text is null or (created_at, id) < (
         select l.created_at, l.id from payment_profiles l where l.id = $3 and l.account_id = $1 and l.mode = $2))
     order by created_at desc, id desc limit $4`,
    [world.accountId, world.mode, page.after, page.limit],
  );
  return rows.map(fromRow);
}

function fromRow(row: Row): PaymentProfile {
  return {
    id: row.id,
    accountId: row.account_id,
    mode: row.mode,
    name: row.name,
    enabled: row.enabled,
    nodes: row.nodes,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
