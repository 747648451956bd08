// SQL of payment profiles. Called by the API.

import type { World } from '../../accounts/account.ts';
import { foldName } from '../../accounts/fold-name.ts';
import { createNamedWorldTable } from '../../accounts/world-table-store.ts';
import type { Sql } from '../../postgres/database.ts';
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

export const PAYMENT_PROFILES = createNamedWorldTable({
  name: 'payment_profiles',
  columns: COLUMNS,
  fromRow,
});

/** Adds a profile, or writes all of one that is there. @returns null where another one has the name */
export function putPaymentProfile(
  sql: Sql,
  world: World,
  id: string,
  { name, enabled, nodes }: ProfileFields,
): Promise<PaymentProfile | null> {
  return PAYMENT_PROFILES.put(sql, world, id, { name, enabled, nodes: JSON.stringify(nodes) });
}

/** Whether there is one of that id or name. */
export async function hasPaymentProfile(sql: Sql, world: World, idOrName: string): Promise<boolean> {
  const rows = await sql.query(
    `select id from payment_profiles
     where account_id = $1 and mode = $2 and (id = $3 or folded_name = $4) limit 1`,
    [world.accountId, world.mode, idOrName, foldName(idOrName)],
  );
  return rows.length > 0;
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
