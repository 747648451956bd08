// Keeps one file of the tree: within the account's limits, nothing a file and a folder at once, and a
// serverless.json only when it can be used. Marks the `.functions` folder that it lies in. Called by
// everything that takes files: uploads, imports, projects.

import { createHash } from 'node:crypto';
import type { World } from '../../../accounts/account.ts';
import { boundOf } from '../../../accounts/account-bounds-store.ts';
import { fail } from '../../../errors/failure.ts';
import type { Sql } from '../../../postgres/database.ts';
import { findHolders, takePaths } from '../catalog/endpoint-path-store.ts';
import { listEndpoints } from '../catalog/endpoint-store.ts';
import { functionsFolderOf } from '../catalog/file-path.ts';
import { findFile, listFiles, lockFiles, measureOthers, putFile } from '../catalog/file-store.ts';
import { markFolder } from '../catalog/folder-store.ts';
import { rivalsOf, rivalWords } from '../catalog/path-rivals.ts';
import { readServerlessJson, SERVERLESS_JSON, type ServerlessConfig } from '../catalog/serverless-json.ts';
import { isTooLarge, MOST_JSON_BYTES } from '../catalog/users-json.ts';
import { tooManyEndpoints } from '../folders/folder-deployer.ts';
import { FileRefusal } from '../frame/cli-envelope.ts';

export type FileLimits = {
  fileBytes: number;
  filesPerAccount: number;
  fileBytesPerAccount: number;
  endpointsPerAccount: number;
  variablesBytes: number;
};

/** To be called in a transaction: what it refuses leaves nothing behind then. */
export async function keepFile(
  sql: Sql,
  world: World,
  file: { path: string; content: Buffer },
  limits: FileLimits,
): Promise<void> {
  const folder = functionsFolderOf(file.path);
  const hash = createHash('sha256').update(file.content).digest('hex');
  await lockFiles(sql, world);
  if (folder !== null && file.path === `${folder}/${SERVERLESS_JSON}`) {
    await keepConfiguration(sql, world, { folder, text: file.content.toString(), limits });
  }
  if (folder !== null && file.path === `${folder}/package.json` && isTooLarge(file.content)) {
    fail('invalid_input', { message: `${file.path} has over ${MOST_JSON_BYTES} bytes.` });
  }
  await requireRoom(sql, world, file, limits);
  await putFile(sql, world, { ...file, hash });
  if (folder !== null) await markFolder(sql, world, folder, 'upload');
}

export type Configuration = {
  folder: string;
  text: string;
  limits: FileLimits;
  /** Other folders whose paths it may take over. */
  replaces?: (folder: string) => boolean;
};

/**
 * From now on its paths are the folder's. To be called in the transaction that keeps the file, behind
 * `lockFiles`.
 */
export async function keepConfiguration(sql: Sql, world: World, configuration: Configuration): Promise<void> {
  const { endpoints } = await checkConfiguration(sql, world, configuration);
  await takePaths(sql, world, configuration.folder, endpoints);
}

/** Only for what is wrong with the file itself: the files that it names may still be on their way. */
export async function checkConfiguration(
  sql: Sql,
  world: World,
  { folder, text, limits, replaces }: Configuration,
): Promise<ServerlessConfig> {
  const { config, problems, lines } = readServerlessJson(text);
  const holders = await findHolders(sql, world, config.endpoints);
  const isOwn = (holder: string): boolean => holder === folder || replaces?.(holder) === true;
  for (const rival of rivalsOf(config.endpoints, holders, isOwn)) {
    problems.push({ message: rivalWords(rival, folder), line: lines.get(rival.path) ?? null });
  }
  const others = (await listEndpoints(sql, world)).filter((other) => other.folder !== folder).length;
  const most = await boundOf(sql, world.accountId, { name: 'endpoints', usual: limits.endpointsPerAccount });
  const beyond = others + config.endpoints.length - most;
  if (beyond > 0) problems.push({ message: tooManyEndpoints(most, beyond), line: null });
  for (const { path, environment } of config.endpoints) {
    const bytes = Buffer.byteLength(Object.entries(environment).flat().join(''));
    if (bytes <= limits.variablesBytes) continue;
    const message = `${path}: its environment holds ${bytes} bytes, ${limits.variablesBytes} are allowed`;
    problems.push({ message, line: null });
  }
  if (problems.length === 0) return config;
  throw new FileRefusal(`The file ${folder}/${SERVERLESS_JSON} can't be used.`, problems);
}

async function requireRoom(
  sql: Sql,
  world: World,
  file: { path: string; content: Buffer },
  limits: FileLimits,
): Promise<void> {
  await requireTotals(sql, world, { path: file.path, files: 1, bytes: file.content.length }, limits);
  // What is a folder to one upload can't be a file to another.
  const segments = file.path.split('/');
  const parents = segments.slice(1).map((_, at) => segments.slice(0, at + 1).join('/'));
  for (const parent of parents) {
    if ((await findFile(sql, world, parent)) === null) continue;
    fail('invalid_input', { message: `${parent} is a file: nothing can lie in it.`, field: 'path' });
  }
  const within = await listFiles(sql, world, file.path);
  if (within.some(({ path }) => path !== file.path)) {
    fail('invalid_input', { message: `${file.path} is a folder: upload to a path in it.`, field: 'path' });
  }
}

/** @param added what takes the place of the file at `path`, of none where it is empty */
export async function requireTotals(
  sql: Sql,
  world: World,
  added: { path: string; files: number; bytes: number },
  limits: FileLimits,
): Promise<void> {
  const others = await measureOthers(sql, world, added.path);
  const most = await boundOf(sql, world.accountId, { name: 'files', usual: limits.filesPerAccount });
  if (others.files + added.files > most) {
    fail('invalid_input', { message: `An account may have ${most} files.` });
  }
  const bound = { name: 'file_bytes', usual: limits.fileBytesPerAccount } as const;
  const mostBytes = await boundOf(sql, world.accountId, bound);
  if (others.bytes + added.bytes > mostBytes) {
    fail('invalid_input', { message: `An account's files may have ${mostBytes} bytes together.` });
  }
}
