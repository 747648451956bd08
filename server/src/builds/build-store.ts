// Builds in the database: each belongs to a function of one world. Called by builder.ts, settle-builds.ts and
// the API.
import type { World } from '../accounts/account.ts';
import { storableText } from '../logs/storable-text.ts';
import type { Sql } from '../postgres/database.ts';
import { dropUnusedBundle } from '../versions/bundle-store.ts';
import type { StoredCode } from '../versions/deployment.ts';
import type { Build, BuildError } from './build.ts';
import type { NumberedLine } from './package-set-store.ts';

export type NewBuild = World & {
  id: string;
  functionId: string;
  /** null: no packages are asked for. */
  setId: string | null;
  dependencies: Record<string, string>;
  purpose: string;
  note: Record<string, unknown>;
  code: StoredCode | null;
};

export async function insertBuild(sql: Sql, made: NewBuild): Promise<void> {
  const code = made.code && { filename: made.code.filename, sizeBytes: made.code.sizeBytes };
  await sql.query(
    `insert into builds (id, account_id, mode, function_id, set_id, dependencies, purpose, note, code_hash, code)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      made.id,
      made.accountId,
      made.mode,
      made.functionId,
      made.setId,
      JSON.stringify(made.dependencies),
      made.purpose,
      JSON.stringify(made.note),
      made.code?.bundleHash ?? null,
      code === null ? null : JSON.stringify(code),
    ],
  );
}

type BuildRow = {
  id: string;
  account_id: string;
  mode: World['mode'];
  function_id: string;
  dependencies: Record<string, string>;
  purpose: string;
  note: Record<string, unknown>;
  code_hash: string | null;
  code: Omit<StoredCode, 'bundleHash'> | null;
  status: Build['status'];
  resolved: Record<string, string>;
  layer_hash: string | null;
  error: BuildError | null;
  created_at: Date;
  ended_at: Date | null;
};

const COLUMNS = `id, account_id, mode, function_id, dependencies, purpose, note, code_hash, code, status, resolved, layer_hash,
  error, created_at, ended_at`;

export type BuildPage = { limit: number; after: string | null; functionId: string | null };

/** Newest first. `after` is the id of the last build of the page before. */
export async function listBuilds(sql: Sql, world: World, page: BuildPage): Promise<Build[]> {
  const rows = await sql.query<BuildRow>(
    `select ${COLUMNS} from builds
     where account_id = $1 and mode = $2 and ($3::uuid is null or id < $3::uuid)
       and ($4::text is null or function_id = $4)
     order by id desc limit $5`,
    [world.accountId, world.mode, page.after, page.functionId, page.limit],
  );
  return rows.map(fromRow);
}

export async function findBuild(sql: Sql, world: World, id: string): Promise<Build | null> {
  const [row] = await sql.query<BuildRow>(
    `select ${COLUMNS} from builds where account_id = $1 and mode = $2 and id = $3`,
    [world.accountId, world.mode, id],
  );
  return row === undefined ? null : fromRow(row);
}

/** What the build of its packages has printed, from the line after `after` on. */
export async function buildLog(
  sql: Sql,
  build: Pick<Build, 'accountId' | 'mode' | 'id'>,
  page: { after: number; limit: number },
): Promise<NumberedLine[]> {
  const rows = await sql.query<Omit<NumberedLine, 'at'> & { at: Date }>(
    `select l.number, l.at, l.stream, l.text from build_log_lines l join builds b on b.set_id = l.set_id
     where b.account_id = $1 and b.mode = $2 and b.id = $3 and l.number > $4 order by l.number limit $5`,
    [build.accountId, build.mode, build.id, page.after, page.limit],
  );
  return rows.map((row) => ({ ...row, at: row.at.getTime() }));
}

/** How many builds of an account, both modes, wait or go on. */
export async function countOpenBuilds(sql: Sql, accountId: string): Promise<number> {
  const [row] = await sql.query<{ open: number }>(
    "select count(*) as open from builds where account_id = $1 and status = 'building'",
    [accountId],
  );
  return row?.open ?? 0;
}

/**
 * A build whose packages are made, or can't be: it waits for its follower. Over all accounts: it is the
 * platform's own work.
 */
export type SettleableBuild = World & { id: string; functionId: string };

export async function findSettleable(sql: Sql, limit: number): Promise<SettleableBuild[]> {
  const rows = await sql.query<Pick<BuildRow, 'id' | 'account_id' | 'mode' | 'function_id'>>(
    `select b.id, b.account_id, b.mode, b.function_id from builds b left join package_sets s on s.id = b.set_id
     where b.status = 'building' and (b.set_id is null or s.status <> 'building')
     order by b.id limit $1`,
    [limit],
  );
  return rows.map((row) => ({
    ...{ id: row.id, accountId: row.account_id, mode: row.mode, functionId: row.function_id },
  }));
}

/** What became of the packages of a build. */
export type SetFacts = {
  resolved: Record<string, string>;
  layerKey: string | null;
  error: BuildError | null;
};

/** Locks a build that is to be settled, and finds its set; null when it is settled already, or gone. */
export async function lockSettleable(
  sql: Sql,
  { id, accountId, mode }: SettleableBuild,
): Promise<{ build: Build; set: SetFacts | null } | null> {
  const [row] = await sql.query<BuildRow & { set_id: string | null }>(
    `select ${COLUMNS}, set_id from builds where id = $1 and account_id = $2 and mode = $3 and status = 'building' for update`,
    [id, accountId, mode],
  );
  if (row === undefined) return null;
  if (row.set_id === null) return { build: fromRow(row), set: null };
  const [set] = await sql.query<{
    resolved: Record<string, string>;
    layer_key: string | null;
    error: BuildError | null;
  }>("select resolved, layer_key, error from package_sets where id = $1 and status <> 'building'", [
    row.set_id,
  ]);
  if (set === undefined) return null;
  const { resolved, layer_key: layerKey, error } = set;
  return { build: fromRow(row), set: { resolved, layerKey, error } };
}

/** Whether something else was asked for the function since: what it asked for first must not come last. */
export async function isOvertaken(sql: Sql, build: Build): Promise<boolean> {
  const rows = await sql.query(
    'select from builds where account_id = $1 and mode = $2 and function_id = $3 and id > $4 limit 1',
    [build.accountId, build.mode, build.functionId, build.id],
  );
  return rows.length > 0;
}

/** Writes how a locked build ended, and lets go of the code that waited with it. */
export async function settleBuild(sql: Sql, build: Build): Promise<void> {
  const error = build.error && { ...build.error, message: storableText(build.error.message) };
  await sql.query(
    `update builds set status = $4, resolved = $5, layer_hash = $6, error = $7, ended_at = now(), code_hash = null
     where id = $1 and account_id = $2 and mode = $3`,
    [
      build.id,
      build.accountId,
      build.mode,
      build.status,
      JSON.stringify(build.layer?.dependencies ?? {}),
      build.layer?.hash ?? null,
      error === null ? null : JSON.stringify(error),
    ],
  );
  if (build.code !== null) await dropUnusedBundle(sql, build.code.bundleHash);
}

/** Deletes settled builds older than the retention. Over all accounts. */
export async function deleteOldBuilds(sql: Sql, retentionDays: number): Promise<void> {
  await sql.query(
    "delete from builds where status <> 'building' and ended_at < now() - make_interval(days => $1)",
    [retentionDays],
  );
}

function fromRow(row: BuildRow): Build {
  const code =
    row.code_hash === null || row.code === null ? null : { ...row.code, bundleHash: row.code_hash };
  return {
    id: row.id,
    accountId: row.account_id,
    mode: row.mode,
    functionId: row.function_id,
    dependencies: row.dependencies,
    purpose: row.purpose,
    note: row.note,
    code,
    status: row.status,
    layer: row.layer_hash === null ? null : { hash: row.layer_hash, dependencies: row.resolved },
    error: row.error,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}

/** Of an account that is deleted. @returns the code that each of them held */
export async function deleteAccountBuilds(
  sql: Sql,
  accountId: string,
  limit: number,
): Promise<{ code: string | null }[]> {
  return await sql.query<{ code: string | null }>(
    `delete from builds where id in (select id from builds where account_id = $1 limit $2) returning code_hash as code`,
    [accountId, limit],
  );
}
