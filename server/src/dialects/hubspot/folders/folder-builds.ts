// What `deploy` does: the packages of a folder's package.json are made, the folder is deployed with them, and
// only then the build has succeeded. Each step is a transaction of its own, taken by the node that looks
// next: a poll, or a node that looks by itself.
//
//   packages are made -> folder is deployed -> SUCCESS
//            └── they can't be ──────────────> ERROR   (the folder stays as it was)

import { randomBytes } from 'node:crypto';
import type { World } from '../../../accounts/account.ts';
import { checkDependencies, type PackageRules } from '../../../builds/dependencies.ts';
import type { PackageSets } from '../../../builds/package-sets.ts';
import { findNodeRuntime } from '../../../engines/runtime-codes.ts';
import { fail } from '../../../errors/failure.ts';
import type { Database, Sql } from '../../../postgres/database.ts';
import type { Layer } from '../../../versions/deployment.ts';
import {
  awaitFolder,
  endFolderBuild,
  type FolderBuild,
  findFolderBuild,
  insertFolderBuild,
  listGoingBuilds,
  lockFolderBuild,
} from '../catalog/build-store.ts';
import { CURRENT_RUNTIME, endpointRuntime } from '../catalog/endpoint-runtime.ts';
import { isFunctionsFolder, readFilePath } from '../catalog/file-path.ts';
import { findFile } from '../catalog/file-store.ts';
import { type FolderState, listFolders, markFolder, setFolderPackages } from '../catalog/folder-store.ts';
import { readServerlessJson, SERVERLESS_JSON } from '../catalog/serverless-json.ts';
import { isTooLarge, MOST_JSON_BYTES, readUsersJson } from '../catalog/users-json.ts';
import { type LoadingParts, loadingWords } from './folder-loading.ts';
import { dependenciesHash } from './folder-packages.ts';

export type FolderBuilds = {
  /**
   * @returns the build's id @throws Failure `not_found` where there is no package.json, `invalid_input` for a
   * bad one
   */
  begin(world: World, folderPath: string): Promise<number>;
  /** Moves a build on, where it can be. @throws Failure `not_found` */
  look(world: World, id: number): Promise<FolderBuild>;
  /** What has been printed so far. */
  logOf(build: FolderBuild): Promise<string>;
  /** Moves all on. */
  sweep(): Promise<void>;
};

type Parts = { database: Database; packages: PackageSets; rules: PackageRules } & LoadingParts;

const LOG_KEY_BYTES = 24;
const MOST_AT_ONCE = 100;

export function createFolderBuilds(parts: Parts): FolderBuilds {
  const { database } = parts;
  const look = async (world: World, id: number): Promise<FolderBuild> => {
    const build = found(await findFolderBuild(database, world, id));
    return build.status === 'STARTED' ? await moveOn(parts, build) : build;
  };
  return {
    begin: (world, folderPath) => begin(parts, world, folderPath),
    look,
    logOf: (build) => logOf(parts, build),
    async sweep() {
      for (const build of await listGoingBuilds(database, 'folder', MOST_AT_ONCE))
        await look(build, build.id);
    },
  };
}

async function begin(
  { database, packages, rules }: Parts,
  world: World,
  folderPath: string,
): Promise<number> {
  const folder = readFilePath(folderPath);
  if (!isFunctionsFolder(folder)) {
    fail('invalid_input', {
      message: 'The path must name a folder that ends in .functions.',
      field: 'folderPath',
    });
  }
  const file = await findFile(database, world, `${folder}/package.json`);
  if (file === null)
    fail('not_found', { message: `There is no ${folder}/package.json.`, field: 'folderPath' });
  const dependencies = checkDependencies(dependenciesOf(file.content), rules, 'dependencies');
  const engineMajor = await engineOf(database, world, folder);
  const asksPackages = Object.keys(dependencies).length > 0;
  const setId = asksPackages ? await packages.ask({ dependencies, engineMajor }) : null;
  const logKey = randomBytes(LOG_KEY_BYTES).toString('base64url');
  const builtFor = dependenciesHash(dependencies);
  return await insertFolderBuild(database, { ...world, folder, setId, builtFor, logKey });
}

export function dependenciesOf(content: Buffer): unknown {
  if (isTooLarge(content)) {
    fail('invalid_input', { message: `package.json has over ${MOST_JSON_BYTES} bytes.` });
  }
  try {
    const json = readUsersJson(content) as { dependencies?: unknown } | null;
    return json?.dependencies ?? {};
  } catch (cause) {
    return fail('invalid_input', { message: 'package.json is not valid JSON.', cause });
  }
}

/** Packages may hold code for one Node only. */
async function engineOf(sql: Sql, world: World, folder: string): Promise<number> {
  const file = await findFile(sql, world, `${folder}/${SERVERLESS_JSON}`);
  const declared = file === null ? null : readServerlessJson(file.content.toString()).config.runtime;
  return engineMajorOf(endpointRuntime(declared));
}

export function engineMajorOf(runtime: string): number {
  const known = findNodeRuntime(runtime) ?? findNodeRuntime(CURRENT_RUNTIME);
  if (known === null || known === 'other_language') throw new Error(`there is no runtime ${runtime}`);
  return known.engineMajor;
}

async function moveOn(parts: Parts, build: FolderBuild): Promise<FolderBuild> {
  const { database, packages } = parts;
  const state =
    build.setId === null ? ({ status: 'ready', layer: null } as const) : await packages.stateOf(build.setId);
  if (state.status === 'building') return build;
  const log = await logOf(parts, build);
  const words = await loadingWords({ ...parts, sql: database }, build);
  return await database.transaction(async (sql) => {
    const now = found(await lockFolderBuild(sql, build, build.id));
    if (now.status !== 'STARTED') return now;
    if (state.status === 'failed') {
      const errorReason = `${state.error.step}: ${state.error.message}`;
      await endFolderBuild(sql, now, { status: 'ERROR', errorReason, log });
    } else if (now.awaitedChanges === null) await deployWith(sql, now, state.layer);
    else await endWhenLive(sql, now, { log, words });
    return found(await findFolderBuild(sql, build, build.id));
  });
}

async function deployWith(sql: Sql, build: FolderBuild, layer: Layer | null): Promise<void> {
  await markFolder(sql, build, build.folder, 'build');
  await setFolderPackages(sql, build, build.folder, { kind: 'built', layer, builtFor: build.builtFor });
  await awaitFolder(sql, build);
}

/** @param words of what can be loaded; null: that isn't known yet */
async function endWhenLive(
  sql: Sql,
  build: FolderBuild,
  { log, words }: { log: string; words: string | null },
): Promise<void> {
  const folder = await folderOf(sql, build);
  if (folder === null) {
    await endFolderBuild(sql, build, {
      status: 'ERROR',
      errorReason: 'the folder was deleted meanwhile',
      log,
    });
    return;
  }
  if (folder.deployedChanges < (build.awaitedChanges ?? 0)) return;
  const found = folder.problem === null ? words : `Not live: ${folder.problem}\n`;
  // It has come to be live since: its endpoints are tried by the node that looks next.
  if (found === null) return;
  await endFolderBuild(sql, build, { status: 'SUCCESS', errorReason: null, log: `${log}${found}` });
}

export async function folderOf(sql: Sql, build: FolderBuild): Promise<FolderState | null> {
  return (await listFolders(sql, build)).find(({ path }) => path === build.folder) ?? null;
}

async function logOf({ packages }: Parts, build: FolderBuild): Promise<string> {
  if (build.status !== 'STARTED') return build.log;
  return build.setId === null ? 'package.json names no packages.\n' : await packages.logOf(build.setId);
}

function found(build: FolderBuild | null): FolderBuild {
  return build ?? fail('not_found', { message: 'There is no such build.' });
}
