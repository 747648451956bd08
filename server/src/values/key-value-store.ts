// SQL of key values. Values come and go sealed. Called by key-values.ts.
import type { World } from '../accounts/account.ts';
import { lockAndCount } from '../accounts/world-table-store.ts';
import type { Sql } from '../postgres/database.ts';
import type { KeyEntry } from './key-value.ts';

export type SealedKeyValue = KeyEntry & { sealedValue: Buffer };
export type NewKeyValue = Pick<KeyEntry, 'key' | 'description' | 'keyType' | 'pointerType'> & SealedText;
export type SealedText = { sealedValue: Buffer; sizeBytes: number };

type KeyRow = {
  key: string;
  description: string | null;
  key_type: KeyEntry['keyType'];
  pointer_type: string | null;
  size_bytes: number;
  created_at: Date;
  modified_at: Date;
  sealed_value: Buffer;
};

const ENTRY = 'key, description, key_type, pointer_type, size_bytes, created_at, modified_at';

/**
 * Keeps others from adding to the world's key values until the transaction ends. @returns how many there are
 */
export function lockAndCountKeyValues(sql: Sql, world: World): Promise<number> {
  return lockAndCount(sql, world, 'key_values');
}

/** @returns whether the key was free: else nothing is written */
export async function insertKeyValue(sql: Sql, world: World, made: NewKeyValue): Promise<boolean> {
  const rows = await sql.query(
    `insert into key_values (account_id, mode, key, description, key_type, pointer_type, sealed_value, size_bytes)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning key`,
    [
      ...[world.accountId, world.mode, made.key, made.description, made.keyType, made.pointerType],
      ...[made.sealedValue, made.sizeBytes],
    ],
  );
  return rows.length > 0;
}

export async function findKeyValue(sql: Sql, world: World, key: string): Promise<SealedKeyValue | null> {
  const [row] = await sql.query<KeyRow>(
    `select ${ENTRY}, sealed_value from key_values where account_id = $1 and mode = $2 and key = $3`,
    [world.accountId, world.mode, key],
  );
  return row === undefined ? null : { ...entryOf(row), sealedValue: row.sealed_value };
}

/**
 * As {@link findKeyValue}, without the value, and keeps others from changing it until the transaction ends.
 */
export async function lockKeyEntry(sql: Sql, world: World, key: string): Promise<KeyEntry | null> {
  const [row] = await sql.query<KeyRow>(
    `select ${ENTRY} from key_values where account_id = $1 and mode = $2 and key = $3 for update`,
    [world.accountId, world.mode, key],
  );
  return row === undefined ? null : entryOf(row);
}

/** `after`: the last key of the page before; `offset`: those passed over. */
export type KeyPage = { limit: number; after: string | null; offset?: number };

/** By key. */
export async function listKeyEntries(
  sql: Sql,
  world: World,
  { limit, after, offset = 0 }: KeyPage,
): Promise<KeyEntry[]> {
  const rows = await sql.query<KeyRow>(
    `select ${ENTRY} from key_values
     where account_id = $1 and mode = $2 and ($3::text is null or key collate "C" > $3) order by key collate "C" limit $4 offset $5`,
    [world.accountId, world.mode, after, limit, offset],
  );
  return rows.map(entryOf);
}

export type KeyValueState = Pick<KeyEntry, 'description' | 'keyType' | 'pointerType'>;

/** @param text null: the value stays */
export async function updateKeyValue(
  sql: Sql,
  world: World,
  key: string,
  { state, text }: { state: KeyValueState; text: SealedText | null },
): Promise<void> {
  await sql.query(
    `update key_values set description = $4, key_type = $5, pointer_type = $6,
       sealed_value = coalesce($7, sealed_value), size_bytes = coalesce($8, size_bytes), modified_at = now()
     where account_id = $1 and mode = $2 and key = $3`,
    [
      ...[world.accountId, world.mode, key, state.description, state.keyType, state.pointerType],
      ...[text?.sealedValue ?? null, text?.sizeBytes ?? null],
    ],
  );
}

/**
 * Writes the value of a key of type `string`. @returns null where there is no such key, or it is a pointer
 */
export async function updateStringValue(
  sql: Sql,
  world: World,
  key: string,
  text: SealedText,
): Promise<KeyEntry | null> {
  const [row] = await sql.query<KeyRow>(
    `update key_values set sealed_value = $4, size_bytes = $5, modified_at = now()
     where account_id = $1 and mode = $2 and key = $3 and key_type = 'string' returning ${ENTRY}`,
    [world.accountId, world.mode, key, text.sealedValue, text.sizeBytes],
  );
  return row === undefined ? null : entryOf(row);
}

/** @returns whether it was there */
export async function deleteKeyValue(sql: Sql, world: World, key: string): Promise<boolean> {
  const rows = await sql.query(
    'delete from key_values where account_id = $1 and mode = $2 and key = $3 returning key',
    [world.accountId, world.mode, key],
  );
  return rows.length > 0;
}

function entryOf(row: KeyRow): KeyEntry {
  return {
    key: row.key,
    description: row.description,
    keyType: row.key_type,
    pointerType: row.pointer_type,
    sizeBytes: row.size_bytes,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
