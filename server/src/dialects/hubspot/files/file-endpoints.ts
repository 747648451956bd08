// The design manager's file tree, as `hs upload`, `watch`, `list`, `fetch`, `delete` and `mv` use it. Keeps
// files of every kind; what lies in a `.functions` folder marks the folder, which folder-worker.ts deploys.
// Deletes are idempotent: a watcher dies of a 404.
import type { World } from '../../../accounts/account.ts';
import { fail } from '../../../errors/failure.ts';
import type { UploadGate } from '../../../limits/upload-gate.ts';
import type { Database, Sql } from '../../../postgres/database.ts';
import { freePaths } from '../catalog/endpoint-path-store.ts';
import {
  baseName,
  functionsFolderOf,
  isFunctionsFolder,
  isReserved,
  readFilePath,
  readOwnPath,
} from '../catalog/file-path.ts';
import { deleteFiles, findFile, listFiles, lockFiles, moveFiles, readFiles } from '../catalog/file-store.ts';
import { markFolder, moveFolderPackages, setFolderPackages } from '../catalog/folder-store.ts';
import { SERVERLESS_JSON } from '../catalog/serverless-json.ts';
import type { UploadsInHand } from '../folders/uploads-in-hand.ts';
import { type CliEndpoint, type CliRequest, json, nothing } from '../frame/cli-endpoint.ts';
import { viewFolder, viewTree } from './file-view.ts';
import { type FileLimits, keepConfiguration, keepFile } from './keep-file.ts';
import { readUploadedFile, uploadOf } from './uploaded-file.ts';

export type FileParts = {
  database: Database;
  uploads: UploadsInHand;
  gate: UploadGate;
  limits: FileLimits;
};

const PREFIX = '/content/filemapper/v1';
/** What stands around a file in a multipart body. */
const MULTIPART_BYTES = 64 * 1024;
const RESOURCE = 'hosted_functions';

export function fileEndpoints(parts: FileParts): CliEndpoint[] {
  const read = { prefix: PREFIX, method: 'GET', permit: { resource: RESOURCE, method: 'read' } } as const;
  const update = { prefix: PREFIX, permit: { resource: RESOURCE, method: 'update' } } as const;
  return [
    {
      ...{
        ...update,
        method: 'POST',
        path: '/upload/*',
        bodyLimitBytes: parts.limits.fileBytes + MULTIPART_BYTES,
      },
      answer: (request) => upload(parts, request),
    },
    {
      ...{
        prefix: PREFIX,
        method: 'DELETE',
        path: '/delete/*',
        permit: { resource: RESOURCE, method: 'delete' },
      },
      answer: (request) => remove(parts, request),
    },
    { ...{ ...update, method: 'PUT', path: '/rename/*' }, answer: (request) => rename(parts, request) },
    { ...read, path: '/meta/*', answer: (request) => meta(parts, request) },
    { ...read, path: '/stream/*', answer: (request) => stream(parts, request) },
    { ...read, path: '/download/*', answer: (request) => download(parts, request) },
    // The report of its use that older CLIs send; nobody reads it.
    ...['/cms-cli-usage/authenticated', '/cms-cli-usage'].map(
      (path): CliEndpoint => ({
        ...{ prefix: PREFIX, method: 'POST', path, permit: 'anyone' },
        answerAnyone: async () => nothing(),
      }),
    ),
  ];
}

async function upload(parts: FileParts, request: CliRequest): Promise<ReturnType<typeof nothing>> {
  const { world, rest, query, http } = request;
  const path = readOwnPath(rest);
  if (path === '') fail('invalid_input', { message: 'A file needs a name.', field: 'path' });
  if (query.buffer === 'true') {
    fail('invalid_input', { message: 'Drafts are not kept here: upload with --cms-publish-mode=publish.' });
  }
  const folder = functionsFolderOf(path);
  const { fileBytes } = parts.limits;
  await parts.uploads.during(world, folder, () =>
    parts.gate.during(uploadOf(request, fileBytes), async () => {
      const content = await readUploadedFile(http, fileBytes);
      await keep(parts, world, { path, content });
    }),
  );
  return nothing();
}

async function keep(parts: FileParts, world: World, file: { path: string; content: Buffer }): Promise<void> {
  await parts.database.transaction((sql) => keepFile(sql, world, file, parts.limits));
}

async function remove(
  { database }: FileParts,
  { world, rest }: CliRequest,
): Promise<ReturnType<typeof nothing>> {
  const path = readOwnPath(rest);
  if (path === '') fail('invalid_input', { message: 'The root can not be deleted.', field: 'path' });
  await database.transaction(async (sql) => {
    await lockFiles(sql, world);
    for (const gone of await deleteFiles(sql, world, path)) await forget(sql, world, gone);
  });
  return nothing();
}

/**
 * A folder without package.json has the preloaded packages again; one without serverless.json serves nothing.
 */
export async function forget(sql: Sql, world: World, path: string): Promise<void> {
  const folder = functionsFolderOf(path);
  if (folder === null) return;
  await releasePaths(sql, world, path);
  if (path === `${folder}/package.json`) await setFolderPackages(sql, world, folder, { kind: 'preloaded' });
  await markFolder(sql, world, folder, 'delete');
}

async function releasePaths(sql: Sql, world: World, path: string): Promise<void> {
  const folder = functionsFolderOf(path);
  if (folder !== null && path === `${folder}/${SERVERLESS_JSON}`) await freePaths(sql, world, folder);
}

async function rename(parts: FileParts, request: CliRequest): Promise<ReturnType<typeof nothing>> {
  const { world, rest, query } = request;
  const from = readOwnPath(rest);
  const to = readOwnPath(query.path ?? '');
  if (from === '' || to === '')
    fail('invalid_input', { message: 'A path to move from and one to move to are needed.' });
  if (to === from) return nothing();
  if (to.startsWith(`${from}/`))
    fail('invalid_input', { message: `${from} can not be moved into itself.`, field: 'path' });
  await parts.database.transaction(async (sql) => {
    await lockFiles(sql, world);
    if ((await listFiles(sql, world, to)).length > 0)
      fail('conflict', { message: `${to} exists already.`, field: 'path' });
    const moved = await moveFiles(sql, world, from, to);
    if (moved.length === 0)
      fail('not_found', { message: `There is no file or folder ${from}.`, field: 'path' });
    for (const file of moved) await releasePaths(sql, world, file.from);
    for (const file of moved) await receive(parts, { sql, world }, file);
    for (const file of moved) await forget(sql, world, file.from);
  });
  return nothing();
}

/**
 * What has been moved to a folder counts there as what is uploaded to it; packages go with their
 * package.json.
 */
async function receive(
  { limits }: FileParts,
  { sql, world }: { sql: Sql; world: World },
  { from, to }: { from: string; to: string },
): Promise<void> {
  const folder = functionsFolderOf(to);
  if (folder === null) return;
  if (to === `${folder}/${SERVERLESS_JSON}`) {
    const text = (await findFile(sql, world, to))?.content.toString() ?? '';
    await keepConfiguration(sql, world, { folder, text, limits });
  }
  await markFolder(sql, world, folder, 'upload');
  const before = functionsFolderOf(from);
  if (to === `${folder}/package.json` && before !== null && from === `${before}/package.json`) {
    await moveFolderPackages(sql, world, before, folder);
  }
}

async function meta({ database }: FileParts, { world, rest }: CliRequest): Promise<ReturnType<typeof json>> {
  const path = readFilePath(rest);
  return json(viewFolder(path, await found(listFiles(database, world, path), path)));
}

async function download(
  { database }: FileParts,
  { world, rest }: CliRequest,
): Promise<ReturnType<typeof json>> {
  const path = readFilePath(rest);
  return json(viewTree(path, await found(readFiles(database, world, path), path)));
}

async function stream(
  { database }: FileParts,
  { world, rest }: CliRequest,
): Promise<ReturnType<typeof json>> {
  const path = readFilePath(rest);
  const file = await findFile(database, world, path);
  if (file === null) return noFile(path);
  const name = baseName(path);
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const dates = `creation-date=${file.createdAt.getTime()}; modification-date=${file.modifiedAt.getTime()}`;
  const encoded = plain === name ? '' : `; filename*=UTF-8''${encodeURIComponent(name)}`;
  const disposition = `attachment; filename="${plain}"${encoded}; ${dates}`;
  return { kind: 'bytes', headers: { 'content-disposition': disposition }, bytes: file.content };
}

/** The root is there when it is empty, too. Projects are found where they are asked for. */
async function found<T extends { path: string }>(files: Promise<T[]>, path: string): Promise<T[]> {
  const list = await files;
  if (path === '') return list.filter((file) => !isReserved(file.path));
  return list.length === 0 ? noFile(path) : list;
}

function noFile(path: string): never {
  const hint = isFunctionsFolder(path) ? ' of functions' : '';
  return fail('not_found', {
    message: `There is no file or folder${hint} ${path.slice(0, 200)}.`,
    field: 'path',
  });
}
