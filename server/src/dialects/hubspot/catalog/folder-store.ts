// SQL of `.functions` folders: what was changed and is still to be deployed. A change is counted in the
// transaction that makes it, and a node claims a folder while it deploys (queue/work-table-store.ts): nothing
// is forgotten, whatever ends in between, and what a lost claim writes counts no more.
import type { World } from '../../../accounts/account.ts';
import type { Sql } from '../../../postgres/database.ts';
import { createWorkTable } from '../../../queue/work-table-store.ts';
import type { Layer } from '../../../versions/deployment.ts';

/** PostgreSQL channel; the payload is `<account id> <mode> <folder>`. */
export const FOLDER_CHANNEL = 'millrace_folder_changed';

export const PACKAGE_SOURCES = ['preloaded', 'built'] as const satisfies readonly FolderPackages['kind'][];
/**
 * What a folder's code may require besides its own files. `built`: of its package.json; `layer` is null where
 * that named none. `builtFor`: what it asked for (folder-packages.ts); null: unknown, or a project's.
 */
export type FolderPackages =
  | { kind: 'preloaded' }
  | { kind: 'built'; layer: Layer | null; builtFor: string | null };

export type ClaimedFolder = World & {
  id: string;
  claims: number;
  path: string;
  /** How many changes there were when it was claimed: all of them are in the files that are read now. */
  changes: number;
  uploadedAt: Date;
  packages: FolderPackages;
};

/** Further files of the same upload may follow a file within this time. ms */
const SETTLE_AFTER_UPLOAD_MS = 400;
/**
 * What was deleted is often about to be uploaded again (`upload --clean`): endpoints don't vanish in between.
 * ms
 */
const SETTLE_AFTER_DELETE_MS = 2_500;
/** An unending stream of uploads is deployed all the same. ms */
const SETTLE_AT_MOST_MS = 3_000;

/** `build`: its packages were made. */
export type FolderChange = 'upload' | 'delete' | 'secret' | 'build';

const SETTLE_MS: Record<FolderChange, number> = {
  upload: SETTLE_AFTER_UPLOAD_MS,
  delete: SETTLE_AFTER_DELETE_MS,
  secret: 0,
  build: 0,
};

/** Says that a folder has to be deployed. To be called inside the transaction that changes it. */
export async function markFolder(sql: Sql, world: World, path: string, change: FolderChange): Promise<void> {
  await sql.query(
    `insert into function_folders as f (account_id, mode, path, waiting_since, due_at)
     values ($1, $2, $3, clock_timestamp(), clock_timestamp() + make_interval(secs => $4::float8 / 1000))
     on conflict (account_id, mode, path) do update set
       changes = f.changes + 1,
       uploaded_at = case when $6 then now() else f.uploaded_at end,
       waiting_since = coalesce(f.waiting_since, clock_timestamp()),
       due_at = greatest(
         case when f.changes > f.deployed_changes then f.due_at else clock_timestamp() end,
         least(
           clock_timestamp() + make_interval(secs => $4::float8 / 1000),
           coalesce(f.waiting_since, clock_timestamp()) + make_interval(secs => $5::float8 / 1000)
         )
       )`,
    [
      world.accountId,
      world.mode,
      path,
      SETTLE_MS[change],
      Math.max(SETTLE_AT_MOST_MS, SETTLE_MS[change]),
      change === 'upload' || change === 'build',
    ],
  );
  await sql.query('select pg_notify($1, $2)', [FOLDER_CHANNEL, `${world.accountId} ${world.mode} ${path}`]);
}

/** Marks every folder whose endpoints may read a secret. */
export async function markFoldersOfSecret(sql: Sql, world: World, name: string): Promise<void> {
  const rows = await sql.query<{ folder: string }>(
    `select distinct folder from endpoints
     where account_id = $1 and mode = $2 and $3 = any (secret_names) and retired_at is null order by folder`,
    [world.accountId, world.mode, name],
  );
  for (const { folder } of rows) await markFolder(sql, world, folder, 'secret');
}

type FolderRow = {
  id: string;
  claims: number;
  account_id: string;
  mode: World['mode'];
  path: string;
  changes: number;
  uploaded_at: Date;
  packages: FolderPackages['kind'];
  layer_hash: string | null;
  dependencies: Record<string, string>;
  built_for: string | null;
};

/** Folders that have changes which aren't live. */
export const FOLDERS = createWorkTable<FolderRow, ClaimedFolder>({
  name: 'function_folders',
  columns: `id, claims, account_id, mode, path, changes, uploaded_at, packages, layer_hash, dependencies, built_for`,
  waits: 'changes > deployed_changes',
  fromRow: (row) => ({
    ...{ id: row.id, claims: row.claims, accountId: row.account_id, mode: row.mode, path: row.path },
    ...{ changes: row.changes, uploadedAt: row.uploaded_at, packages: packagesOf(row) },
  }),
});

function packagesOf(row: FolderRow): FolderPackages {
  if (row.packages === 'preloaded') return { kind: 'preloaded' };
  const { layer_hash: hash, dependencies, built_for: builtFor } = row;
  return { kind: 'built', layer: hash === null ? null : { hash, dependencies }, builtFor };
}

/**
 * What a deploy has found. `problem`: for people; null: none. `needsDeploy`: its packages are others than it
 * asks for.
 */
export type FolderFindings = { problem: string | null; needsDeploy: boolean };

/** Says that all changes up to the claim are live. */
export async function finishFolder(
  sql: Sql,
  claimed: ClaimedFolder,
  { problem, needsDeploy }: FolderFindings,
): Promise<void> {
  await sql.query(
    `update function_folders set deployed_changes = greatest(deployed_changes, $4), lease_until = null, problem = $5,
       needs_deploy = $6, waiting_since = case when changes > $4 then clock_timestamp() end
     where id = $1 and account_id = $2 and claims = $3`,
    [claimed.id, claimed.accountId, claimed.claims, claimed.changes, problem, needsDeploy],
  );
}

/**
 * Gives a folder back, to be deployed again after a while. @param wasTried `problem` is what keeps it from
 * being live
 */
export async function postponeFolder(
  sql: Sql,
  claimed: ClaimedFolder,
  { delayMs, problem, wasTried }: { delayMs: number; problem: string | null; wasTried: boolean },
): Promise<void> {
  await sql.query(
    `update function_folders set lease_until = null, problem = $4,
       tried_changes = case when $6 then $7 else tried_changes end,
       due_at = clock_timestamp() + make_interval(secs => $5::float8 / 1000)
     where id = $1 and account_id = $2 and claims = $3`,
    [claimed.id, claimed.accountId, claimed.claims, problem, delayMs, wasTried, claimed.changes],
  );
}

export type FolderState = {
  path: string;
  /** Changes that were not looked at yet. */
  isWaiting: boolean;
  /** Its package.json asks for other packages than were built. */
  needsDeploy: boolean;
  changes: number;
  deployedChanges: number;
  problem: string | null;
};

export async function listFolders(sql: Sql, world: World): Promise<FolderState[]> {
  const rows = await sql.query<{
    path: string;
    changes: number;
    deployed_changes: number;
    tried_changes: number;
    needs_deploy: boolean;
    problem: string | null;
  }>(
    `select path, changes, deployed_changes, tried_changes, needs_deploy, problem from function_folders
     where account_id = $1 and mode = $2 order by path`,
    [world.accountId, world.mode],
  );
  return rows.map((row) => ({
    path: row.path,
    isWaiting: row.changes > Math.max(row.deployed_changes, row.tried_changes),
    needsDeploy: row.needs_deploy,
    changes: row.changes,
    deployedChanges: row.deployed_changes,
    problem: row.problem,
  }));
}

/**
 * Sets the packages that a folder's code is started with; what kept it from being live before is no news.
 * Marks nothing.
 */
export async function setFolderPackages(
  sql: Sql,
  world: World,
  path: string,
  packages: FolderPackages,
): Promise<void> {
  const layer = packages.kind === 'built' ? packages.layer : null;
  await sql.query(
    `update function_folders set packages = $4, layer_hash = $5, dependencies = $6, built_for = $7, problem = null
     where account_id = $1 and mode = $2 and path = $3`,
    [
      world.accountId,
      world.mode,
      path,
      packages.kind,
      layer?.hash ?? null,
      JSON.stringify(layer?.dependencies ?? {}),
      packages.kind === 'built' ? packages.builtFor : null,
    ],
  );
}

/** Gives one folder the packages of another, whose package.json has been moved to it. Marks nothing. */
export async function moveFolderPackages(sql: Sql, world: World, from: string, to: string): Promise<void> {
  await sql.query(
    `update function_folders f set packages = o.packages, layer_hash = o.layer_hash, dependencies = o.dependencies,
       built_for = o.built_for
     from function_folders o
     where f.account_id = $1 and f.mode = $2 and f.path = $4 and o.account_id = $1 and o.mode = $2 and o.path = $3`,
    [world.accountId, world.mode, from, to],
  );
}
