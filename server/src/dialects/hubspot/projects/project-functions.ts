// Functions of developer projects, read as a `.functions` folder with a serverless.json of the usual kind:
// from then on nothing else has to know of projects. Two forms (docs/specs/hubspot.md 4.1): `appFunctions` in
// a serverless.json, and one `*-hsmeta.json` per function. Pure.

import { posix } from 'node:path';
import { fail } from '../../../errors/failure.ts';
import { trimSlashes } from '../catalog/endpoint.ts';
import { functionsFolderOf, readOwnPath } from '../catalog/file-path.ts';
import { isTooLarge, MOST_JSON_BYTES, readUsersJson } from '../catalog/users-json.ts';

export type SourceFile = { path: string; content: Buffer };
export type ProjectReading = {
  files: SourceFile[];
  /** What was found and can't be called over HTTP, or can't be read: for people. */
  remarks: string[];
};

const META = /-hsmeta\.json$/;
type Json = Record<string, unknown>;
type Declared = { methods: unknown; file: string; secrets: unknown; path: string };

/**
 * @param mostFiles copies included
 * @returns the files with every project function among them made into an endpoint of a `.functions` folder
 * @throws Failure `invalid_input` for folders within folders that make more files than that
 */
export function readProjectFunctions(files: readonly SourceFile[], mostFiles: number): ProjectReading {
  const remarks: string[] = [];
  const withToken = files.filter(readsToken);
  const converted = files.map((file) => {
    const isConfiguration = posix.basename(file.path) === 'serverless.json';
    return isConfiguration ? convertAppFunctions(file, { withToken, remarks }) : file;
  });
  const made = foldersOfMetas(converted, { withToken, remarks, room: mostFiles - converted.length });
  return { files: [...converted, ...made], remarks };
}

/** Files by the `.functions` folder that they lie in. */
export function functionFolders(files: readonly SourceFile[]): Map<string, SourceFile[]> {
  const folders = new Map<string, SourceFile[]>();
  for (const file of files) {
    const path = readOwnPath(file.path);
    const folder = functionsFolderOf(path);
    if (folder === null || path.includes('node_modules/')) continue;
    const within = folders.get(folder) ?? [];
    within.push({ path, content: file.content });
    folders.set(folder, within);
  }
  return new Map([...folders].sort(([a], [b]) => (a < b ? -1 : 1)));
}

type AroundApp = { withToken: readonly SourceFile[]; remarks: string[] };

function convertAppFunctions(file: SourceFile, { withToken, remarks }: AroundApp): SourceFile {
  const functions = objectOf(parse(file.content)?.appFunctions);
  if (functions === null) return file;
  const declared = Object.entries(functions).flatMap(([name, value]) => {
    const fn = objectOf(value);
    const endpoint = objectOf(fn?.endpoint);
    if (fn === null || typeof endpoint?.path !== 'string') {
      remarks.push(
        `${file.path}: ${name} has no endpoint: it was private to UI extensions and is not called by URL`,
      );
      return [];
    }
    return [{ methods: endpoint.method, file: String(fn.file), secrets: fn.secrets, path: endpoint.path }];
  });
  const beside = `${posix.dirname(file.path)}/`;
  const usesToken = withToken.some(({ path }) => path.startsWith(beside));
  return { path: file.path, content: configurationOf(declared, usesToken) };
}

/**
 * One folder per folder that has metas: `app/functions` becomes `app/functions.functions`, with a copy of
 * what lies in it.
 */
function foldersOfMetas(
  files: readonly SourceFile[],
  { withToken, remarks, room }: AroundApp & { room: number },
): SourceFile[] {
  const folders = new Map<string, Declared[]>();
  for (const file of files.filter(({ path }) => META.test(path))) {
    const declared = readMeta(file, remarks);
    if (declared === null) continue;
    const folder = posix.dirname(file.path);
    const beside = folders.get(folder) ?? [];
    beside.push(declared);
    folders.set(folder, beside);
  }
  const made: SourceFile[] = [];
  for (const [folder, declared] of folders) {
    const into = `${folder === '.' ? 'app' : folder}.functions`;
    const inside = folder === '.' ? '' : `${folder}/`;
    const copies = files
      .filter(({ path }) => path.startsWith(inside) && !META.test(path))
      .map(({ path, content }) => ({ path: `${into}/${path.slice(inside.length)}`, content }));
    if (made.length + copies.length >= room) {
      fail('invalid_input', {
        message: 'the zip holds functions in folders within folders, too many of them',
      });
    }
    for (const copy of copies) made.push(copy);
    const usesToken = withToken.some(({ path }) => path.startsWith(inside));
    made.push({ path: `${into}/serverless.json`, content: configurationOf(declared, usesToken) });
  }
  return made;
}

function readMeta(file: SourceFile, remarks: string[]): Declared | null {
  if (isTooLarge(file.content))
    remarks.push(`${file.path}: it has over ${MOST_JSON_BYTES} bytes and is not read`);
  const meta = parse(file.content);
  if (meta?.type !== 'app-function') return null;
  const config = objectOf(meta.config);
  const endpoint = objectOf(config?.endpoint);
  const name = typeof meta.uid === 'string' ? meta.uid : file.path;
  if (typeof endpoint?.path !== 'string') {
    remarks.push(
      `${file.path}: ${name} has no endpoint: it was private to UI extensions and is not called by URL`,
    );
    return null;
  }
  // `/app/functions/f.js` counts from the project's `src`; the file lies beside its meta or below.
  const entrypoint = String(config?.entrypoint ?? '').replace(/^\/+/, '');
  const folder = posix.dirname(file.path);
  const at = entrypoint.lastIndexOf(`${posix.basename(folder)}/`);
  const inside =
    at === -1 ? posix.basename(entrypoint) : entrypoint.slice(at + posix.basename(folder).length + 1);
  return { methods: endpoint.methods, file: inside, secrets: config?.secretKeys, path: endpoint.path };
}

/**
 * What projects find among their secrets without naming it; here it has a value where its owner gives it one.
 */
const APP_TOKEN = 'PRIVATE_APP_ACCESS_TOKEN';

function readsToken({ path, content }: SourceFile): boolean {
  return /\.[cm]?js$/.test(path) && content.includes(APP_TOKEN);
}

function configurationOf(declared: readonly Declared[], usesToken: boolean): Buffer {
  const endpoints = Object.create(null) as Json;
  for (const { path, methods, file, secrets } of declared) {
    endpoints[trimSlashes(path)] = {
      ...(methods === undefined ? {} : { method: methods }),
      file,
      ...(secrets === undefined ? {} : { secrets }),
      ...(usesToken && (secrets === undefined || Array.isArray(secrets))
        ? { secrets: [...new Set([...((secrets as unknown[]) ?? []), APP_TOKEN])] }
        : {}),
    };
  }
  return Buffer.from(`${JSON.stringify({ runtime: 'nodejs20.x', version: '1.0', endpoints }, null, 2)}\n`);
}

function parse(content: Buffer): Json | null {
  try {
    return objectOf(readUsersJson(content));
  } catch {
    return null;
  }
}

function objectOf(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}
