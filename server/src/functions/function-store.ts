// Functions in the database, each shown with its active version. Every change is announced on CHANGE_CHANNEL inside the
// transaction that makes it, so that other nodes forget what they keep in memory once it is committed, not before.
// Never opens variables. Called by versions/deployment.ts, function-directory.ts and the dialects' lists.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { FunctionSettings, StoredFunction } from './function.ts';

/** PostgreSQL channel; the payload is the function's id. */
export const CHANGE_CHANNEL = 'millrace_function_changed';

/** A function with its variables as they lie in the database: sealed, or null where there are none. */
export type SealedFunction = StoredFunction & { sealedVariables: Buffer | null };

export type NewFunction = World &
  FunctionSettings & { id: string; dialect: string; sealedVariables: Buffer | null };

type FunctionRow = {
  id: string;
  account_id: string;
  mode: World['mode'];
  dialect: string;
  name: string;
  description: string | null;
  enabled: boolean;
  timeout_ms: number;
  memory_mb: number;
  reuse: FunctionSettings['reuse'];
  concurrency: number;
  active_version: number;
  sealed_variables: Buffer | null;
  revision: number;
  created_at: Date;
  modified_at: Date;
  bundle_hash: string;
  filename: string;
  size_bytes: number;
  handler: string;
  runtime: string;
};

const COLUMNS = `f.id, f.account_id, f.mode, f.dialect, f.name, f.description, f.enabled, f.timeout_ms, f.memory_mb,
  f.reuse, f.concurrency, f.active_version, f.sealed_variables, f.revision, f.created_at, f.modified_at,
  v.bundle_hash, v.filename, v.size_bytes, v.handler, v.runtime`;
const TABLES = 'functions f join versions v on v.function_id = f.id and v.number = f.active_version';

/** Adds a function whose active version is number 1, which the same transaction must add too. */
export async function insertFunction(sql: Sql, made: NewFunction): Promise<void> {
  await sql.query(
    `insert into functions (id, account_id, mode, dialect, name, description, enabled, timeout_ms, memory_mb, reuse,
       concurrency, active_version, sealed_variables)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12)`,
    [
      made.id,
      made.accountId,
      made.mode,
      made.dialect,
      made.name,
      made.description,
      made.enabled,
      made.timeoutMs,
      made.memoryMb,
      made.reuse,
      made.concurrency,
      made.sealedVariables,
    ],
  );
  await announceChange(sql, made.id);
}

/** @returns the function, or null where it is not in this world */
export async function getFunction(sql: Sql, world: World, id: string): Promise<SealedFunction | null> {
  const [row] = await sql.query<FunctionRow>(
    `select ${COLUMNS} from ${TABLES} where f.id = $1 and f.account_id = $2 and f.mode = $3`,
    [id, world.accountId, world.mode],
  );
  return row === undefined ? null : fromRow(row);
}

/**
 * The one question without a world: who calls a function's address may have no token that would name one. Whoever asks
 * compares the answer's world with the caller's.
 */
export async function findFunctionAnywhere(sql: Sql, id: string): Promise<SealedFunction | null> {
  const [row] = await sql.query<FunctionRow>(`select ${COLUMNS} from ${TABLES} where f.id = $1`, [id]);
  return row === undefined ? null : fromRow(row);
}

/** As {@link getFunction}, and keeps others from changing the function until the transaction ends. */
export async function lockFunction(sql: Sql, world: World, id: string): Promise<SealedFunction | null> {
  // The lock first, in a statement of its own: the next one then sees the version that the last holder made active.
  await sql.query('select from functions where id = $1 and account_id = $2 and mode = $3 for update', [
    id,
    world.accountId,
    world.mode,
  ]);
  return getFunction(sql, world, id);
}

export type FunctionState = FunctionSettings & {
  version: number;
  sealedVariables: Buffer | null;
  revision: number;
};

/** Writes a locked function's settings, active version, variables and revision. */
export async function updateFunction(
  sql: Sql,
  world: World,
  id: string,
  state: FunctionState,
): Promise<void> {
  await sql.query(
    `update functions
     set name = $4, description = $5, enabled = $6, timeout_ms = $7, memory_mb = $8, reuse = $9, concurrency = $10,
       active_version = $11, sealed_variables = $12, revision = $13, modified_at = now()
     where id = $1 and account_id = $2 and mode = $3`,
    [
      id,
      world.accountId,
      world.mode,
      state.name,
      state.description,
      state.enabled,
      state.timeoutMs,
      state.memoryMb,
      state.reuse,
      state.concurrency,
      state.version,
      state.sealedVariables,
      state.revision,
    ],
  );
  await announceChange(sql, id);
}

/** @returns whether it was there */
export async function deleteFunction(sql: Sql, world: World, id: string): Promise<boolean> {
  const rows = await sql.query(
    'delete from functions where id = $1 and account_id = $2 and mode = $3 returning id',
    [id, world.accountId, world.mode],
  );
  if (rows.length > 0) await announceChange(sql, id);
  return rows.length > 0;
}

async function announceChange(sql: Sql, id: string): Promise<void> {
  await sql.query('select pg_notify($1, $2)', [CHANGE_CHANNEL, id]);
}

const SORT_COLUMNS = {
  name: 'lower(f.name)',
  filename: 'lower(v.filename)',
  createdAt: 'f.created_at',
  modifiedAt: 'f.modified_at',
} as const;
export type FunctionSort = keyof typeof SORT_COLUMNS;

export type FunctionQuery = {
  /** null: of every dialect. */
  dialect: string | null;
  /** Text that name, filename or description must contain, in any case; null: all. */
  text: string | null;
  sortBy: FunctionSort;
  order: 'ascending' | 'descending';
  limit: number;
  offset: number;
};

/** One page of a world's functions, and how many there are on all pages. */
export async function listFunctions(
  sql: Sql,
  world: World,
  query: FunctionQuery,
): Promise<{ functions: SealedFunction[]; totalItems: number }> {
  const filter = `f.account_id = $1 and f.mode = $2 and ($3::text is null or f.dialect = $3)
    and ($4::text is null or f.name ilike $4 or v.filename ilike $4 or f.description ilike $4)`;
  const text = query.text === null ? null : `%${query.text.replace(/[\\%_]/g, '\\$&')}%`;
  const values = [world.accountId, world.mode, query.dialect, text];
  const direction = query.order === 'descending' ? 'desc' : 'asc';
  const [counted] = await sql.query<{ total: number }>(
    `select count(*) as total from ${TABLES} where ${filter}`,
    values,
  );
  const rows = await sql.query<FunctionRow>(
    `select ${COLUMNS} from ${TABLES} where ${filter}
     order by ${SORT_COLUMNS[query.sortBy]} ${direction}, f.id ${direction} limit $5 offset $6`,
    [...values, query.limit, query.offset],
  );
  return { functions: rows.map(fromRow), totalItems: counted?.total ?? 0 };
}

function fromRow(row: FunctionRow): SealedFunction {
  return {
    id: row.id,
    accountId: row.account_id,
    mode: row.mode,
    dialect: row.dialect,
    name: row.name,
    description: row.description,
    enabled: row.enabled,
    timeoutMs: row.timeout_ms,
    memoryMb: row.memory_mb,
    reuse: row.reuse,
    concurrency: row.concurrency,
    version: row.active_version,
    handler: row.handler,
    runtime: row.runtime,
    bundleHash: row.bundle_hash,
    filename: row.filename,
    sizeBytes: row.size_bytes,
    revision: row.revision,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    sealedVariables: row.sealed_variables,
  };
}
