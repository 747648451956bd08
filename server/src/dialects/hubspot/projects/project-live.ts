// Puts a project's build live, and says when it is: its files take the place of those before in one
// transaction, from which on its folders are deployed as any. SQL is the stores'. Called by
// project-builds.ts.
import { createHash } from 'node:crypto';
import type { World } from '../../../accounts/account.ts';
import type { PackageSetState } from '../../../builds/package-sets.ts';
import type { Sql } from '../../../postgres/database.ts';
import { awaitFolder, endFolderBuild, type FolderBuild } from '../catalog/build-store.ts';
import { findHolders, freePathsBelow, takePaths } from '../catalog/endpoint-path-store.ts';
import { deleteFiles, putFile } from '../catalog/file-store.ts';
import { markFolder, setFolderPackages } from '../catalog/folder-store.ts';
import { rivalsOf, rivalWords } from '../catalog/path-rivals.ts';
import {
  liveRoot,
  type Project,
  type ProjectBuild,
  putProject,
  requireProject,
} from '../catalog/project-record.ts';
import { readServerlessJson } from '../catalog/serverless-json.ts';
import { folderOf } from '../folders/folder-builds.ts';
import { configurationIn, isOfSameProject } from './project-checks.ts';
import type { ProjectSource } from './project-source.ts';

export type Made = PackageSetState | { status: 'ready'; layer: null };
export const NO_PACKAGES: Made = { status: 'ready', layer: null };

/** A folder that says all this time why it can't be live doesn't come to be so. */
const GIVE_UP_AFTER_MS = 120_000;

/** A folder's build that isn't over, with what became of its packages. */
export type Going = {
  row: FolderBuild;
  state: Made;
  log: string;
  /** Of what can be loaded; null: that isn't known yet. */
  words: string | null;
};

export async function endBuilt(sql: Sql, { row, state, log }: Going): Promise<void> {
  const errorReason = state.status === 'failed' ? `${state.error.step}: ${state.error.message}` : null;
  await endFolderBuild(sql, row, { status: errorReason === null ? 'SUCCESS' : 'ERROR', errorReason, log });
}

/**
 * All files of the project change at once; its folders are deployed from then on, with the packages of this
 * build.
 */
export async function putLive(
  sql: Sql,
  world: World,
  live: { project: Project; build: ProjectBuild; source: ProjectSource; going: readonly Going[] },
): Promise<void> {
  const { build, source, going } = live;
  const project = await requireProject(sql, world, live.project.name);
  const rivals = await takeProjectPaths(sql, world, { root: liveRoot(project.name), source });
  if (rivals.length > 0) {
    for (const { row, log } of going) {
      await endFolderBuild(sql, row, { status: 'ERROR', errorReason: rivals.join('; '), log });
    }
    return;
  }
  const before = project.builds.find(({ id }) => id === project.deployedBuildId);
  await deleteFiles(sql, world, liveRoot(project.name));
  for (const { path, content } of [...source.folders.values()].flat()) {
    await putFile(sql, world, { path, content, hash: createHash('sha256').update(content).digest('hex') });
  }
  for (const { folder } of before?.parts ?? []) {
    if (!source.folders.has(folder)) await markFolder(sql, world, folder, 'delete');
  }
  for (const { row, state } of going) {
    await markFolder(sql, world, row.folder, 'build');
    const hasPackages = source.folders
      .get(row.folder)
      ?.some(({ path }) => path === `${row.folder}/package.json`);
    const layer = state.status === 'ready' ? state.layer : null;
    await setFolderPackages(
      sql,
      world,
      row.folder,
      hasPackages === true ? { kind: 'built', layer, builtFor: null } : { kind: 'preloaded' },
    );
    await awaitFolder(sql, row);
  }
  await putProject(sql, world, { ...project, deployedBuildId: build.id });
}

/**
 * All or nothing. @returns what keeps the project from its paths, for people: folders that have come since
 * the upload was looked at
 */
async function takeProjectPaths(
  sql: Sql,
  world: World,
  { root, source }: { root: string; source: ProjectSource },
): Promise<string[]> {
  const wanted = [...source.folders].map(([folder, files]) => ({
    folder,
    endpoints: readServerlessJson(configurationIn(folder, files)).config.endpoints,
  }));
  const rivals: string[] = [];
  for (const { folder, endpoints } of wanted) {
    const holders = await findHolders(sql, world, endpoints);
    const found = rivalsOf(endpoints, holders, (holder) => isOfSameProject(holder, folder));
    rivals.push(...found.map((rival) => rivalWords(rival, folder)));
  }
  if (rivals.length > 0) return rivals;
  await freePathsBelow(sql, world, root);
  for (const { folder, endpoints } of wanted) await takePaths(sql, world, folder, endpoints);
  return [];
}

export async function endWhenLive(sql: Sql, { row, log, words }: Going, nowMs: number): Promise<void> {
  const folder = await folderOf(sql, row);
  const isLive = folder !== null && folder.deployedChanges >= (row.awaitedChanges ?? 0);
  if (isLive && folder.problem === null) {
    // It has come to be live since: its endpoints are tried by the node that looks next.
    if (words === null) return;
    await endFolderBuild(sql, row, { status: 'SUCCESS', errorReason: null, log: `${log}${words}` });
    return;
  }
  const isStuck = folder?.problem != null && nowMs - row.createdAt.getTime() > GIVE_UP_AFTER_MS;
  if (!isLive && folder !== null && !isStuck) return;
  const errorReason = folder?.problem ?? 'it did not come to be live';
  await endFolderBuild(sql, row, { status: 'ERROR', errorReason, log });
}
