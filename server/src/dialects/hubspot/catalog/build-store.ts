// SQL of what `deploy` started.
import type { World } from '../../../accounts/account.ts';
import { storableText } from '../../../logs/storable-text.ts';
import type { Sql } from '../../../postgres/database.ts';
import { PROJECTS_ROOT } from './file-path.ts';

export const FOLDER_BUILD_STATUSES = ['STARTED', 'SUCCESS', 'ERROR'] as const;
export type FolderBuildStatus = (typeof FOLDER_BUILD_STATUSES)[number];

export type FolderBuild = World & {
  id: number;
  folder: string;
  /** null: package.json names no packages. */
  setId: string | null;
  /** What package.json asked for (folder-packages.ts); null: a project's. */
  builtFor: string | null;
  /** null: the packages are being made. */
  awaitedChanges: number | null;
  status: FolderBuildStatus;
  errorReason: string | null;
  log: string;
  logKey: string;
  createdAt: Date;
  endedAt: Date | null;
};

type BuildRow = {
  id: number;
  account_id: string;
  mode: World['mode'];
  folder: string;
  set_id: string | null;
  built_for: string | null;
  awaited_changes: number | null;
  status: FolderBuild['status'];
  error_reason: string | null;
  log: string;
  log_key: string;
  created_at: Date;
  ended_at: Date | null;
};

const COLUMNS =
  'id, account_id, mode, folder, set_id, built_for, awaited_changes, status, error_reason, log, log_key, created_at, ended_at';

export async function insertFolderBuild(
  sql: Sql,
  made: World & Pick<FolderBuild, 'folder' | 'setId' | 'builtFor' | 'logKey'>,
): Promise<number> {
  const [row] = await sql.query<{ id: number }>(
    `insert into folder_builds (account_id, mode, folder, set_id, built_for, log_key)
     values ($1, $2, $3, $4, $5, $6) returning id`,
    [made.accountId, made.mode, made.folder, made.setId, made.builtFor, made.logKey],
  );
  return (row as { id: number }).id;
}

export async function findFolderBuild(sql: Sql, world: World, id: number): Promise<FolderBuild | null> {
  const [row] = await sql.query<BuildRow>(
    `select ${COLUMNS} from folder_builds where account_id = $1 and mode = $2 and id = $3`,
    [world.accountId, world.mode, id],
  );
  return row === undefined ? null : fromRow(row);
}

/** The build of a folder that began last. */
export async function findLatestBuild(sql: Sql, world: World, folder: string): Promise<FolderBuild | null> {
  const [row] = await sql.query<BuildRow>(
    `select ${COLUMNS} from folder_builds where account_id = $1 and mode = $2 and folder = $3
     order by id desc limit 1`,
    [world.accountId, world.mode, folder],
  );
  return row === undefined ? null : fromRow(row);
}

/** Folders of a world whose packages are being made. */
export async function listFoldersInBuild(sql: Sql, world: World): Promise<string[]> {
  const rows = await sql.query<{ folder: string }>(
    `select distinct folder from folder_builds where account_id = $1 and mode = $2 and status = 'STARTED'`,
    [world.accountId, world.mode],
  );
  return rows.map(({ folder }) => folder);
}

/** As {@link findFolderBuild}, and keeps others from moving it on until the transaction ends. */
export async function lockFolderBuild(sql: Sql, world: World, id: number): Promise<FolderBuild | null> {
  const [row] = await sql.query<BuildRow>(
    `select ${COLUMNS} from folder_builds where account_id = $1 and mode = $2 and id = $3 for update`,
    [world.accountId, world.mode, id],
  );
  return row === undefined ? null : fromRow(row);
}

/** By the key in its log's address, which is read without a token: it names no account. */
export async function findBuildByLogKey(sql: Sql, logKey: string): Promise<FolderBuild | null> {
  const [row] = await sql.query<BuildRow>(`select ${COLUMNS} from folder_builds where log_key = $1`, [
    logKey,
  ]);
  return row === undefined ? null : fromRow(row);
}

/** Those that aren't over, of every account: moving them on is the platform's own work. */
export async function listGoingBuilds(
  sql: Sql,
  kind: 'folder' | 'project',
  limit: number,
): Promise<FolderBuild[]> {
  const rows = await sql.query<BuildRow>(
    `select ${COLUMNS} from folder_builds
     where status = 'STARTED' and starts_with(folder, $2) = $3 order by id limit $1`,
    [limit, `${PROJECTS_ROOT}/`, kind === 'project'],
  );
  return rows.map(fromRow);
}

/** The packages are made and the folder knows: the build waits for the folder. */
export async function awaitFolder(sql: Sql, build: FolderBuild): Promise<void> {
  await sql.query(
    `update folder_builds set awaited_changes = f.changes from function_folders f
     where folder_builds.account_id = $1 and folder_builds.mode = $2 and folder_builds.id = $3
       and f.account_id = $1 and f.mode = $2 and f.path = folder_builds.folder`,
    [build.accountId, build.mode, build.id],
  );
}

export async function endFolderBuild(
  sql: Sql,
  build: FolderBuild,
  end: { status: 'SUCCESS' | 'ERROR'; errorReason: string | null; log: string },
): Promise<void> {
  await sql.query(
    `update folder_builds set status = $4, error_reason = $5, log = $6, ended_at = now()
     where account_id = $1 and mode = $2 and id = $3`,
    [
      build.accountId,
      build.mode,
      build.id,
      end.status,
      end.errorReason === null ? null : storableText(end.errorReason),
      storableText(end.log),
    ],
  );
}

function fromRow(row: BuildRow): FolderBuild {
  return {
    id: row.id,
    accountId: row.account_id,
    mode: row.mode,
    folder: row.folder,
    setId: row.set_id,
    builtFor: row.built_for,
    awaitedChanges: row.awaited_changes,
    status: row.status,
    errorReason: row.error_reason,
    log: row.log,
    logKey: row.log_key,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}

/** Of a project that is deployed once more: its packages are there, its folders have to be notified. */
export async function restartFolderBuild(sql: Sql, world: World, id: number): Promise<void> {
  await sql.query(
    `update folder_builds set status = 'STARTED', awaited_changes = null, error_reason = null, ended_at = null,
       created_at = now()
     where account_id = $1 and mode = $2 and id = $3`,
    [world.accountId, world.mode, id],
  );
}

/** Of folders, of every account. Those of projects go when their project forgets them. */
export async function deleteOldBuilds(sql: Sql, olderThanDays: number): Promise<void> {
  await sql.query(
    `delete from folder_builds
     where status <> 'STARTED' and ended_at < now() - make_interval(days => $1) and not starts_with(folder, $2)`,
    [olderThanDays, `${PROJECTS_ROOT}/`],
  );
}
