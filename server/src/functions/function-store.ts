// Functions in the database, each shown with its active version. Every change is announced on CHANGE_CHANNEL
// inside the transaction that makes it, so that other nodes forget what they keep in memory once it is
// committed, not before. Never opens variables. Called by versions/deployment.ts, function-directory.ts and
// the dialects' lists.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { Canary } from './canary.ts';
import type { FunctionSettings, StoredFunction } from './function.ts';

/** PostgreSQL channel; the payload is the function's id. */
export const CHANGE_CHANNEL = 'millrace_function_changed';
/** The payload is a world's name: any of its functions may have changed. */
export const VALUES_CHANNEL = 'millrace_values_changed';

/** A function with its variables as they lie in the database: sealed, or null where there are none. */
export type SealedFunction = StoredFunction & {
  sealedVariables: Buffer | null;
  /** Counted while `disableAfterFaults` is set. */
  faultsInARow: number;
  canary: Canary | null;
  /** The version that was active before. */
  previousVersion: number | null;
};

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
  retry: FunctionSettings['retry'];
  max_concurrent_runs: number | null;
  disable_after_faults: number;
  secret_names: string[];
  faults_in_a_row: number;
  disabled_reason: string | null;
  paused_at: Date | null;
  active_version: number;
  previous_version: number | null;
  canary_version: number | null;
  canary_percent: number | null;
  canary_header: string | null;
  sealed_variables: Buffer | null;
  revision: number;
  created_at: Date;
  modified_at: Date;
  bundle_hash: string;
  layer_hash: string | null;
  dependencies: Record<string, string>;
  filename: string;
  size_bytes: number;
  handler: string;
  runtime: string;
  convention: StoredFunction['convention'];
};

const COLUMNS = `f.id, f.account_id, f.mode, f.dialect, f.name, f.description, f.enabled, f.timeout_ms, f.memory_mb,
  f.reuse, f.concurrency, f.retry, f.max_concurrent_runs, f.disable_after_faults, f.secret_names, f.faults_in_a_row, f.disabled_reason, f.paused_at,
  f.active_version, f.previous_version, f.canary_version, f.canary_percent, f.canary_header, f.sealed_variables, f.revision + coalesce(w.revision, 0) as revision, f.created_at, f.modified_at,
  v.bundle_hash, v.layer_hash, v.dependencies, v.filename, v.size_bytes, v.handler, v.runtime, v.convention`;
const VALUES =
  'left join value_revisions w on w.account_id = f.account_id and w.mode = f.mode and w.dialect = f.dialect';
const TABLES = `functions f join versions v on v.function_id = f.id and v.number = f.active_version ${VALUES}`;

/** Adds a function whose active version is number 1, which the same transaction must add too. */
export async function insertFunction(sql: Sql, made: NewFunction): Promise<void> {
  await sql.query(
    `insert into functions (id, account_id, mode, dialect, name, description, enabled, timeout_ms, memory_mb, reuse,
       concurrency, active_version, sealed_variables, retry, max_concurrent_runs, disable_after_faults, secret_names)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13, $14, $15, $16)`,
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
      JSON.stringify(made.retry),
      made.maxConcurrentRuns,
      made.disableAfterFaults,
      made.secretNames,
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
 * The one question without a world: who calls a function's address may have no token that would name one. A
 * caller that asks compares the answer's world with the caller's.
 */
export async function findFunctionAnywhere(sql: Sql, id: string): Promise<SealedFunction | null> {
  const [row] = await sql.query<FunctionRow>(`select ${COLUMNS} from ${TABLES} where f.id = $1`, [id]);
  return row === undefined ? null : fromRow(row);
}

/** As {@link findFunctionAnywhere}, with another version than the active one. */
export async function findFunctionVersion(
  sql: Sql,
  id: string,
  version: number,
): Promise<SealedFunction | null> {
  const [row] = await sql.query<FunctionRow>(
    `select ${COLUMNS.replace('f.active_version', 'v.number as active_version')}
     from functions f join versions v on v.function_id = f.id and v.number = $2 ${VALUES} where f.id = $1`,
    [id, version],
  );
  return row === undefined ? null : fromRow(row);
}

/** As {@link getFunction}, and keeps others from changing the function until the transaction ends. */
export async function lockFunction(sql: Sql, world: World, id: string): Promise<SealedFunction | null> {
  // The lock first, in a statement of its own: the next one then sees the version that the last holder made
  // active.
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
  /** Its next run gets a new sandbox. */
  isRenewed: boolean;
};

/**
 * Writes a locked function's settings, active version and variables, and raises its revision where that is
 * needed.
 */
export async function updateFunction(
  sql: Sql,
  world: World,
  id: string,
  state: FunctionState,
): Promise<void> {
  await sql.query(
    `update functions
     set name = $4, description = $5, enabled = $6, timeout_ms = $7, memory_mb = $8, reuse = $9, concurrency = $10,
       active_version = $11, sealed_variables = $12, revision = revision + $13::integer, retry = $14, max_concurrent_runs = $15,
       disable_after_faults = $16, secret_names = $17, modified_at = now(),
       -- Another active version ends a canary, and is where a rollback leads back from.
       previous_version = case when active_version <> $11 then active_version else previous_version end,
       canary_version = case when active_version = $11 then canary_version end,
       canary_percent = case when active_version = $11 then canary_percent end,
       canary_header = case when active_version = $11 then canary_header end,
       -- Whoever enables it again begins anew.
       disabled_reason = case when $6 then null else disabled_reason end,
       faults_in_a_row = case when $6 and not enabled then 0 else faults_in_a_row end
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
      state.isRenewed ? 1 : 0,
      JSON.stringify(state.retry),
      state.maxConcurrentRuns,
      state.disableAfterFaults,
      state.secretNames,
    ],
  );
  await announceChange(sql, id);
}

/** Of a locked function. @param canary null: all runs go to the active version */
export async function writeCanary(sql: Sql, world: World, id: string, canary: Canary | null): Promise<void> {
  const { version = null, percent = null, header = null } = canary ?? {};
  await sql.query(
    `update functions set canary_version = $4, canary_percent = $5, canary_header = $6, modified_at = now()
     where id = $1 and account_id = $2 and mode = $3`,
    [id, world.accountId, world.mode, version, percent, header],
  );
  await announceChange(sql, id);
}

/**
 * What sandboxes of some dialects' functions were given at their start has changed: their next runs get new
 * ones. One row a dialect, however many functions there are.
 */
export async function renewSandboxes(sql: Sql, world: World, dialects: readonly string[]): Promise<void> {
  await sql.query(
    `insert into value_revisions as w (account_id, mode, dialect, revision)
     select $1, $2, dialect, 1 from jsonb_array_elements_text($3::jsonb) as d(dialect)
     on conflict (account_id, mode, dialect) do update set revision = w.revision + 1`,
    [world.accountId, world.mode, JSON.stringify(dialects)],
  );
  await sql.query('select pg_notify($1, $2)', [VALUES_CHANNEL, worldName(world)]);
}

/** How a world is called on {@link VALUES_CHANNEL}. */
export function worldName({ accountId, mode }: World): string {
  return `${mode}/${accountId}`;
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
  const values = [world.accountId, world.mode, query.dialect, textPattern(query.text)];
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

/** By name, then id: the last function of a page. It need not be there any more. */
export type FunctionCursor = { name: string; id: string };

export type FunctionPage = Pick<FunctionQuery, 'dialect' | 'text' | 'limit'> & {
  after: FunctionCursor | null;
};

/** A world's functions by name, in the order of bytes, behind a cursor. */
export async function pageFunctions(
  sql: Sql,
  world: World,
  { dialect, text, after, limit }: FunctionPage,
): Promise<SealedFunction[]> {
  const rows = await sql.query<FunctionRow>(
    `select ${COLUMNS} from ${TABLES}
     where f.account_id = $1 and f.mode = $2 and ($3::text is null or f.dialect = $3)
       and ($4::text is null or f.name ilike $4)
       and ($5::text is null or (f.name collate "C", f.id) > ($5 collate "C", $6::text))
     order by f.name collate "C", f.id limit $7`,
    [world.accountId, world.mode, dialect, textPattern(text), after?.name ?? null, after?.id ?? null, limit],
  );
  return rows.map(fromRow);
}

function textPattern(text: string | null): string | null {
  return text === null ? null : `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

function canaryOf({ canary_version: version, canary_percent: percent, canary_header: header }: FunctionRow) {
  return version === null || percent === null ? null : { version, percent, header };
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
    retry: row.retry,
    maxConcurrentRuns: row.max_concurrent_runs,
    disableAfterFaults: row.disable_after_faults,
    secretNames: row.secret_names,
    faultsInARow: row.faults_in_a_row,
    disabledReason: row.disabled_reason,
    pausedAt: row.paused_at,
    version: row.active_version,
    previousVersion: row.previous_version,
    canary: canaryOf(row),
    handler: row.handler,
    runtime: row.runtime,
    convention: row.convention,
    bundleHash: row.bundle_hash,
    layerHash: row.layer_hash,
    dependencies: row.dependencies,
    filename: row.filename,
    sizeBytes: row.size_bytes,
    revision: row.revision,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    sealedVariables: row.sealed_variables,
  };
}

/** Of an account that is deleted; nodes forget them. @returns how many */
export async function deleteAccountFunctions(sql: Sql, accountId: string, limit: number): Promise<number> {
  const rows = await sql.query<{ id: string }>(
    'delete from functions where id in (select id from functions where account_id = $1 limit $2) returning id',
    [accountId, limit],
  );
  for (const { id } of rows) await announceChange(sql, id);
  return rows.length;
}
