// SQL of function values. Values come and go sealed. Called by function-values.ts.
import type { World } from '../accounts/account.ts';
import { createWorldTable, lockAndCount } from '../accounts/world-table-store.ts';
import type { Sql } from '../postgres/database.ts';
import type { FunctionValue } from './function-value.ts';

export type SealedFunctionValue = Omit<FunctionValue, 'value'> & { sealedValue: Buffer };
export type FunctionValueState = Pick<
  SealedFunctionValue,
  'name' | 'description' | 'isEncrypted' | 'sealedValue'
>;

type ValueRow = {
  id: string;
  name: string;
  description: string | null;
  is_encrypted: boolean;
  sealed_value: Buffer;
  created_at: Date;
  modified_at: Date;
};

const COLUMNS = 'id, name, description, is_encrypted, sealed_value, created_at, modified_at';

export const { get: findFunctionValue, remove: deleteFunctionValue } = createWorldTable({
  ...{ name: 'function_values', columns: COLUMNS, fromRow },
});

/**
 * Keeps others from changing the world's function values until the transaction ends. @returns how many there
 * are
 */
export function lockFunctionValues(sql: Sql, world: World): Promise<number> {
  return lockAndCount(sql, world, 'function_values');
}

/** @returns whether the name was free: else nothing is written */
export async function insertFunctionValue(
  sql: Sql,
  world: World,
  made: FunctionValueState & { id: string },
): Promise<boolean> {
  const rows = await sql.query(
    `insert into function_values (id, account_id, mode, name, description, is_encrypted, sealed_value)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning id`,
    [
      ...[made.id, world.accountId, world.mode, made.name, made.description],
      ...[made.isEncrypted, made.sealedValue],
    ],
  );
  return rows.length > 0;
}

/** All of a world, by name. */
export async function listFunctionValues(sql: Sql, world: World): Promise<SealedFunctionValue[]> {
  const rows = await sql.query<ValueRow>(
    `select ${COLUMNS} from function_values where account_id = $1 and mode = $2 order by name collate "C"`,
    [world.accountId, world.mode],
  );
  return rows.map(fromRow);
}

/** @returns whether the name was free: else nothing is written */
export async function updateFunctionValue(
  sql: Sql,
  world: World,
  id: string,
  state: FunctionValueState,
): Promise<boolean> {
  const rows = await sql.query(
    `update function_values
     set name = $4, description = $5, is_encrypted = $6, sealed_value = $7, modified_at = now()
     where account_id = $1 and mode = $2 and id = $3 and not exists (
       select from function_values where account_id = $1 and mode = $2 and name = $4 and id <> $3
     ) returning id`,
    [
      ...[world.accountId, world.mode, id, state.name, state.description],
      ...[state.isEncrypted, state.sealedValue],
    ],
  );
  return rows.length > 0;
}

function fromRow(row: ValueRow): SealedFunctionValue {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    isEncrypted: row.is_encrypted,
    sealedValue: row.sealed_value,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
