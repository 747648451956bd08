// SQL of an account's secrets, each sealed with the account's key and bound to its name. Values leave here
// only for the functions that name them.
import type { World } from '../../../accounts/account.ts';
import type { AccountKeys } from '../../../environment/account-keys.ts';
import type { SealContext } from '../../../environment/seal.ts';
import type { Sql } from '../../../postgres/database.ts';

export type Keys = Pick<AccountKeys, 'seal' | 'unseal'>;

export async function listSecretNames(sql: Sql, world: World): Promise<string[]> {
  const rows = await sql.query<{ name: string }>(
    'select name from account_secrets where account_id = $1 and mode = $2 order by name',
    [world.accountId, world.mode],
  );
  return rows.map((row) => row.name);
}

/** Adds a secret, or replaces its value. */
export async function putSecret(
  sql: Sql,
  keys: Keys,
  secret: World & { name: string; value: string },
): Promise<void> {
  const sealed = await keys.seal(Buffer.from(secret.value), contextOf(secret, secret.name));
  await sql.query(
    `insert into account_secrets (account_id, mode, name, sealed_value) values ($1, $2, $3, $4)
     on conflict (account_id, mode, name) do update set sealed_value = excluded.sealed_value, modified_at = now()`,
    [secret.accountId, secret.mode, secret.name, sealed],
  );
}

/** @returns whether it was there */
export async function deleteSecret(sql: Sql, world: World, name: string): Promise<boolean> {
  const rows = await sql.query(
    'delete from account_secrets where account_id = $1 and mode = $2 and name = $3 returning name',
    [world.accountId, world.mode, name],
  );
  return rows.length > 0;
}

/** @returns the values of those that exist */
export async function openSecrets(
  sql: Sql,
  keys: Keys,
  wanted: World & { names: readonly string[] },
): Promise<Map<string, string>> {
  const rows = await sql.query<{ name: string; sealed_value: Buffer }>(
    'select name, sealed_value from account_secrets where account_id = $1 and mode = $2 and name = any ($3)',
    [wanted.accountId, wanted.mode, wanted.names],
  );
  const opened = new Map<string, string>();
  for (const { name, sealed_value } of rows) {
    opened.set(name, (await keys.unseal(sealed_value, contextOf(wanted, name))).toString());
  }
  return opened;
}

function contextOf(world: World, name: string): SealContext {
  return { accountId: world.accountId, purpose: `secret ${name} of ${world.mode}` };
}
