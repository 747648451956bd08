// The versions of functions in the database: each an immutable triple of bundle, handler and runtime. Called
// by deployment.ts, which holds the function's row locked meanwhile.
import type { World } from '../accounts/account.ts';
import type { Convention } from '../functions/function.ts';
import type { Sql } from '../postgres/database.ts';

export type VersionContent = {
  bundleHash: string;
  /** Packages mounted as its node_modules; null: what the bundle holds. */
  layerHash: string | null;
  /** Name and exact version of the layer's packages that the owner asked for. */
  dependencies: Record<string, string>;
  convention: Convention;
  /** Name of the zip as the owner uploaded it. */
  filename: string;
  sizeBytes: number;
  handler: string;
  /** The runtime code that the owner named. */
  runtime: string;
} & VersionOrigin;

export type VersionOrigin = {
  /** What its owner says about it. */
  note: string | null;
  /** Id of the token that made it, where that is known. */
  madeBy: string | null;
};
export const UNKNOWN_ORIGIN: VersionOrigin = { note: null, madeBy: null };

export type Version = VersionContent & { number: number; createdAt: Date };

/**
 * Adds a version. The caller holds a lock on the function's row, or has made it in this transaction: the
 * number is the next one of this function.
 */
export async function appendVersion(
  sql: Sql,
  owner: { functionId: string; accountId: string },
  content: VersionContent,
): Promise<number> {
  const [row] = await sql.query<{ number: number }>(
    `insert into versions (function_id, number, account_id, bundle_hash, filename, size_bytes, handler, runtime, convention,
       layer_hash, dependencies, note, made_by)
     select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
     from versions where function_id = $1 and account_id = $2
     returning number`,
    [
      owner.functionId,
      owner.accountId,
      content.bundleHash,
      content.filename,
      content.sizeBytes,
      content.handler,
      content.runtime,
      content.convention,
      content.layerHash,
      JSON.stringify(content.dependencies),
      content.note,
      content.madeBy,
    ],
  );
  return (row as { number: number }).number;
}

type VersionRow = {
  number: number;
  bundle_hash: string;
  filename: string;
  size_bytes: number;
  handler: string;
  runtime: string;
  convention: Convention;
  layer_hash: string | null;
  dependencies: Record<string, string>;
  note: string | null;
  made_by: string | null;
  created_at: Date;
};

const COLUMNS = `v.number, v.bundle_hash, v.filename, v.size_bytes, v.handler, v.runtime, v.convention, v.layer_hash,
  v.dependencies, v.note, v.made_by, v.created_at`;

/** Every version of a function, newest first; none where the function is not in this world. */
export async function listVersions(sql: Sql, world: World, functionId: string): Promise<Version[]> {
  const rows = await sql.query<VersionRow>(
    `select ${COLUMNS} from versions v
     join functions f on f.id = v.function_id
     where v.function_id = $1 and f.account_id = $2 and f.mode = $3
     order by v.number desc`,
    [functionId, world.accountId, world.mode],
  );
  return rows.map(fromRow);
}

/** @returns null where the function has no such version, or is not in this world */
export async function findVersion(
  sql: Sql,
  world: World,
  at: { functionId: string; number: number },
): Promise<Version | null> {
  const [row] = await sql.query<VersionRow>(
    `select ${COLUMNS} from versions v
     join functions f on f.id = v.function_id
     where v.function_id = $1 and v.number = $4 and f.account_id = $2 and f.mode = $3`,
    [at.functionId, world.accountId, world.mode, at.number],
  );
  return row === undefined ? null : fromRow(row);
}

/** @returns whether there is such a version */
export async function noteVersion(
  sql: Sql,
  world: World,
  at: { functionId: string; number: number; note: string | null },
): Promise<boolean> {
  const rows = await sql.query(
    `update versions v set note = $5 from functions f
     where f.id = v.function_id and v.function_id = $1 and v.number = $4 and f.account_id = $2 and f.mode = $3
     returning v.number`,
    [at.functionId, world.accountId, world.mode, at.number, at.note],
  );
  return rows.length > 0;
}

function fromRow(row: VersionRow): Version {
  return {
    number: row.number,
    bundleHash: row.bundle_hash,
    filename: row.filename,
    sizeBytes: row.size_bytes,
    handler: row.handler,
    runtime: row.runtime,
    convention: row.convention,
    layerHash: row.layer_hash,
    dependencies: row.dependencies,
    note: row.note,
    madeBy: row.made_by,
    createdAt: row.created_at,
  };
}

/** Hashes of all bundles that a function's versions hold, and those that wait for their packages. */
export async function bundlesOfFunction(sql: Sql, world: World, functionId: string): Promise<string[]> {
  const rows = await sql.query<{ bundle_hash: string }>(
    `select bundle_hash from versions where function_id = $1 and account_id = $2
     union select layer_hash from versions where function_id = $1 and account_id = $2 and layer_hash is not null
     union select code_hash from builds where function_id = $1 and account_id = $2 and code_hash is not null
     order by bundle_hash`,
    [functionId, world.accountId],
  );
  return rows.map((row) => row.bundle_hash);
}

/** Which versions of functions that get many may go: never the active one. */
export type VersionsKept = { newest: number; youngerThanDays: number };

/**
 * Deletes versions of one function that are neither active, nor the one before, nor a canary, nor among the
 * newest, nor young, nor named by a run that waits. Must run inside a transaction that then drops the bundles
 * which nobody else holds.
 * @returns the bundles' hashes
 */
export async function deleteOldVersions(
  sql: Sql,
  at: { accountId: string; functionId: string },
  { newest, youngerThanDays }: VersionsKept,
): Promise<string[]> {
  const rows = await sql.query<{ bundle_hash: string; layer_hash: string | null }>(
    `delete from versions v using functions f
     where v.function_id = $1 and v.account_id = $2 and f.id = v.function_id and v.number <> f.active_version
       and v.number is distinct from f.canary_version and v.number is distinct from f.previous_version
       and v.created_at < now() - make_interval(days => $4)
       and v.number <= (select max(number) from versions where function_id = $1) - $3
       and not exists (select from runs r where r.function_id = v.function_id and r.pinned_version = v.number
         and r.status in ('queued', 'running'))
     returning v.bundle_hash, v.layer_hash`,
    [at.functionId, at.accountId, newest, youngerThanDays],
  );
  return [
    ...new Set(
      rows.flatMap((row) => [row.bundle_hash, ...(row.layer_hash === null ? [] : [row.layer_hash])]),
    ),
  ];
}

/**
 * Of an account that is deleted. @returns the bundles that they held, one for each of them and of its layer
 */
export async function deleteAccountVersions(
  sql: Sql,
  accountId: string,
  limit: number,
): Promise<{ bundle: string; layer: string | null }[]> {
  return await sql.query<{ bundle: string; layer: string | null }>(
    `delete from versions where (function_id, number) in (
       select function_id, number from versions where account_id = $1 limit $2)
     returning bundle_hash as bundle, layer_hash as layer`,
    [accountId, limit],
  );
}
