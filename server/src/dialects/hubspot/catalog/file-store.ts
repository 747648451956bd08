// SQL of the file tree. Folders are not kept: they are what stands before a slash in some file's path.
import type { World } from '../../../accounts/account.ts';
import type { Sql } from '../../../postgres/database.ts';

export type FileFacts = { path: string; sizeBytes: number; hash: string; createdAt: Date; modifiedAt: Date };
export type StoredFile = FileFacts & { content: Buffer };

type FileRow = {
  path: string;
  size_bytes: number;
  hash: string;
  created_at: Date;
  modified_at: Date;
  content: Buffer;
};

const FACTS = 'path, size_bytes, hash, created_at, modified_at';
/** A file or folder and what is in it; everything for the root. `$3` is the path. */
const WITHIN = `account_id = $1 and mode = $2 and ($3 = '' or path = $3 or starts_with(path, $3 || '/'))`;

/** Keeps others from adding to the account's files until the transaction ends: limits are then exact. */
export async function lockFiles(sql: Sql, world: World): Promise<void> {
  await sql.query('select from accounts where id = $1 for no key update', [world.accountId]);
}

/** What a world's files come to, the one at `path` not counted. */
export async function measureOthers(
  sql: Sql,
  world: World,
  path: string,
): Promise<{ files: number; bytes: number }> {
  const [row] = await sql.query<{ files: number; bytes: number }>(
    `select count(*) as files, coalesce(sum(size_bytes), 0)::bigint as bytes from design_files
     where account_id = $1 and mode = $2 and path <> $3`,
    [world.accountId, world.mode, path],
  );
  return row ?? { files: 0, bytes: 0 };
}

export async function putFile(
  sql: Sql,
  world: World,
  file: { path: string; content: Buffer; hash: string },
): Promise<void> {
  await sql.query(
    `insert into design_files (account_id, mode, path, content, size_bytes, hash) values ($1, $2, $3, $4, $5, $6)
     on conflict (account_id, mode, path) do update set
       content = excluded.content, size_bytes = excluded.size_bytes, hash = excluded.hash, modified_at = now()`,
    [world.accountId, world.mode, file.path, file.content, file.content.length, file.hash],
  );
}

export async function findFile(sql: Sql, world: World, path: string): Promise<StoredFile | null> {
  const [row] = await sql.query<FileRow>(
    `select ${FACTS}, content from design_files where account_id = $1 and mode = $2 and path = $3`,
    [world.accountId, world.mode, path],
  );
  return row === undefined ? null : { ...factsOf(row), content: row.content };
}

/** The file at a path, or every file below it, without their content. */
export async function listFiles(sql: Sql, world: World, path: string): Promise<FileFacts[]> {
  const rows = await sql.query<FileRow>(
    `select ${FACTS} from design_files where ${WITHIN} order by path collate "C"`,
    [world.accountId, world.mode, path],
  );
  return rows.map(factsOf);
}

/** As {@link listFiles}, with their content, all of one moment. */
export async function readFiles(sql: Sql, world: World, path: string): Promise<StoredFile[]> {
  const rows = await sql.query<FileRow>(
    `select ${FACTS}, content from design_files where ${WITHIN} order by path collate "C"`,
    [world.accountId, world.mode, path],
  );
  return rows.map((row) => ({ ...factsOf(row), content: row.content }));
}

/** @returns the paths of what was there */
export async function deleteFiles(sql: Sql, world: World, path: string): Promise<string[]> {
  const rows = await sql.query<{ path: string }>(
    `delete from design_files where ${WITHIN} and $3 <> '' returning path`,
    [world.accountId, world.mode, path],
  );
  return rows.map((row) => row.path);
}

/** Moves a file, or a folder with all in it. @returns old and new path of each */
export async function moveFiles(
  sql: Sql,
  world: World,
  from: string,
  to: string,
): Promise<{ from: string; to: string }[]> {
  const moved = await sql.query<{ path: string }>(
    `update design_files set path = $4 || substr(path, length($3) + 1), modified_at = now()
     where ${WITHIN} and $3 <> '' returning path`,
    [world.accountId, world.mode, from, to],
  );
  return moved.map(({ path }) => ({ from: from + path.slice(to.length), to: path }));
}

function factsOf(row: FileRow): FileFacts {
  return {
    path: row.path,
    sizeBytes: row.size_bytes,
    hash: row.hash,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
