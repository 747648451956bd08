// The versions of functions in the database: each an immutable triple of bundle, handler and runtime. Called by
// deployment.ts, which holds the function's row locked meanwhile.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';

export type VersionContent = {
  bundleHash: string;
  /** Name of the zip as the owner uploaded it. */
  filename: string;
  sizeBytes: number;
  handler: string;
  /** The runtime code that the owner named. */
  runtime: string;
};

export type Version = VersionContent & { number: number; createdAt: Date };

/**
 * Adds a version. The caller holds a lock on the function's row, or has made it in this transaction: the number is the
 * next one of this function.
 */
export async function appendVersion(
  sql: Sql,
  owner: { functionId: string; accountId: string },
  content: VersionContent,
): Promise<number> {
  const [row] = await sql.query<{ number: number }>(
    `insert into versions (function_id, number, account_id, bundle_hash, filename, size_bytes, handler, runtime)
     select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7
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
  created_at: Date;
};

/** Every version of a function, newest first; none where the function is not in this world. */
export async function listVersions(sql: Sql, world: World, functionId: string): Promise<Version[]> {
  const rows = await sql.query<VersionRow>(
    `select v.number, v.bundle_hash, v.filename, v.size_bytes, v.handler, v.runtime, v.created_at
     from versions v
     join functions f on f.id = v.function_id
     where v.function_id = $1 and f.account_id = $2 and f.mode = $3
     order by v.number desc`,
    [functionId, world.accountId, world.mode],
  );
  return rows.map((row) => ({
    number: row.number,
    bundleHash: row.bundle_hash,
    filename: row.filename,
    sizeBytes: row.size_bytes,
    handler: row.handler,
    runtime: row.runtime,
    createdAt: row.created_at,
  }));
}

/** Hashes of all bundles that a function's versions hold. */
export async function bundlesOfFunction(sql: Sql, world: World, functionId: string): Promise<string[]> {
  const rows = await sql.query<{ bundle_hash: string }>(
    'select distinct bundle_hash from versions where function_id = $1 and account_id = $2 order by bundle_hash',
    [functionId, world.accountId],
  );
  return rows.map((row) => row.bundle_hash);
}
