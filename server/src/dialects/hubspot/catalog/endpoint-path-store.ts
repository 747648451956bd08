// SQL of who serves which path: a folder takes the paths that its serverless.json names, in the transaction
// that keeps that file, and no other folder gets them until it gives them up. Callers hold the account's
// files (`lockFiles`): of two at a time the second waits.
import type { World } from '../../../accounts/account.ts';
import type { Sql } from '../../../postgres/database.ts';
import { folded, type NamedPath, type PathHolder } from './path-rivals.ts';

/** Who serves any of the paths, whatever the folder. */
export async function findHolders(
  sql: Sql,
  world: World,
  endpoints: readonly NamedPath[],
): Promise<PathHolder[]> {
  if (endpoints.length === 0) return [];
  return await sql.query<PathHolder>(
    `select path, folder from endpoint_paths
     where account_id = $1 and mode = $2 and path = any ($3) order by path`,
    [world.accountId, world.mode, endpoints.map(folded)],
  );
}

/**
 * From now on the folder serves these paths, and none that it served before. The caller has seen that nobody
 * else does.
 */
export async function takePaths(
  sql: Sql,
  world: World,
  folder: string,
  endpoints: readonly NamedPath[],
): Promise<void> {
  await freePaths(sql, world, folder);
  await sql.query(
    `insert into endpoint_paths (account_id, mode, folder, path)
     select $1, $2, $3, path from unnest($4::text[]) as named (path)`,
    [world.accountId, world.mode, folder, endpoints.map(folded)],
  );
}

export async function freePaths(sql: Sql, world: World, folder: string): Promise<void> {
  await sql.query('delete from endpoint_paths where account_id = $1 and mode = $2 and folder = $3', [
    world.accountId,
    world.mode,
    folder,
  ]);
}

/** Of every folder below a path. */
export async function freePathsBelow(sql: Sql, world: World, root: string): Promise<void> {
  await sql.query(
    `delete from endpoint_paths where account_id = $1 and mode = $2 and starts_with(folder, $3 || '/')`,
    [world.accountId, world.mode, root],
  );
}
