// What `hs project upload` and `deploy` do: of a project's zip the functions are taken, their packages are
// made, and only then the files are put where they are live, all folders in one transaction. Moved on by the
// node that looks next: a poll, or a node that looks by itself.
//
//   uploaded -> packages are made -> [to be deployed] files are live -> folders are deployed -> over
//                    └── they can't be: over, and what was live stays
import { createHash, randomBytes } from 'node:crypto';
import type { World } from '../../../accounts/account.ts';
import type { PackageRules } from '../../../builds/dependencies.ts';
import type { PackageSets } from '../../../builds/package-sets.ts';
import type { Clock } from '../../../clock/clock.ts';
import { fail } from '../../../errors/failure.ts';
import type { LoadFunction } from '../../../gateway/load-function.ts';
import type { Database, Sql } from '../../../postgres/database.ts';
import type { Threads } from '../../../threads/thread-pool.ts';
import type { UnpackLimits } from '../../../versions/zip-directory.ts';
import {
  endFolderBuild,
  type FolderBuild,
  findFolderBuild,
  insertFolderBuild,
  listGoingBuilds,
  lockFolderBuild,
  restartFolderBuild,
} from '../catalog/build-store.ts';
import { freePathsBelow } from '../catalog/endpoint-path-store.ts';
import { deleteFiles, findFile, lockFiles, putFile } from '../catalog/file-store.ts';
import { markFolder } from '../catalog/folder-store.ts';
import {
  findProject,
  goesLive,
  liveRoot,
  type Project,
  type ProjectBuild,
  projectRoot,
  putProject,
  requireBuild,
  requireProject,
  withoutOldBuilds,
  zipPath,
} from '../catalog/project-record.ts';
import { type FileLimits, requireTotals } from '../files/keep-file.ts';
import { loadingWords } from '../folders/folder-loading.ts';
import { askPackages, checkProject } from './project-checks.ts';
import { endBuilt, endWhenLive, NO_PACKAGES, putLive } from './project-live.ts';
import type { ProjectSource } from './project-source.ts';
import { readProjectInThread } from './read-zip-in-thread.ts';

export type ProjectUpload = {
  zip: Buffer;
  message: string;
  platformVersion: string | null;
  deploys: 'by_itself' | 'when_told';
};

/** A build with the builds of its folders. */
export type BuildState = { project: Project; build: ProjectBuild; rows: FolderBuild[] };

export type ProjectBuilds = {
  /**
   * @returns the build's number @throws Failure `not_found`; `invalid_input` for what can't be built, with
   * lines
   */
  begin(world: World, name: string, upload: ProjectUpload): Promise<number>;
  /** Moves a build on, where it can be. @throws Failure `not_found` */
  look(world: World, name: string, buildId: number): Promise<BuildState>;
  /** Puts a build live that is made. @throws Failure `not_found`, `invalid_state` */
  deploy(world: World, name: string, buildId: number): Promise<void>;
  /** Takes a project away with all that is live of it; nothing happens where there is none. */
  remove(world: World, name: string): Promise<void>;
  /** Moves all on. */
  sweep(): Promise<void>;
};

export type ProjectBuildsParts = {
  database: Database;
  packages: PackageSets;
  threads: Threads;
  rules: PackageRules;
  limits: FileLimits & UnpackLimits;
  clock: Clock;
  load: LoadFunction;
};

const LOG_KEY_BYTES = 24;
const MOST_AT_ONCE = 100;

export function createProjectBuilds(parts: ProjectBuildsParts): ProjectBuilds {
  const { database } = parts;
  const look = async (world: World, name: string, buildId: number): Promise<BuildState> => {
    const state = await stateOf(database, world, { name, buildId });
    if (state.rows.every(({ status }) => status !== 'STARTED')) return state;
    await moveOn(parts, world, state);
    return await stateOf(database, world, { name, buildId });
  };
  return {
    look,
    begin: (world, name, upload) => begin(parts, world, { name, upload }),
    deploy: (world, name, buildId) => deploy(parts, world, { name, buildId }),
    remove: (world, name) => remove(parts, world, name),
    async sweep() {
      for (const row of await listGoingBuilds(database, 'project', MOST_AT_ONCE)) {
        const name = decodeURIComponent(row.folder.split('/')[1] ?? '');
        const going = await goingBuild(database, row, name);
        if (going === null) await abandon(database, row);
        else await look(row, name, going.id);
      }
    },
  };
}

async function goingBuild(sql: Sql, row: FolderBuild, name: string): Promise<ProjectBuild | null> {
  const project = await findProject(sql, row, name);
  return project?.builds.find(({ parts }) => parts.some(({ rowId }) => rowId === row.id)) ?? null;
}

/** Its project was deleted, or has newer builds. */
async function abandon(sql: Sql, row: FolderBuild): Promise<void> {
  await endFolderBuild(sql, row, { status: 'ERROR', errorReason: 'its project is gone', log: row.log });
}

type Named = { name: string; buildId: number };

async function stateOf(sql: Sql, world: World, { name, buildId }: Named): Promise<BuildState> {
  const project = await requireProject(sql, world, name);
  const build = requireBuild(project, buildId);
  const rows = await Promise.all(build.parts.map(({ rowId }) => findFolderBuild(sql, world, rowId)));
  return { project, build, rows: rows.filter((row) => row !== null) };
}

async function begin(
  parts: ProjectBuildsParts,
  world: World,
  { name, upload }: { name: string; upload: ProjectUpload },
): Promise<number> {
  await requireProject(parts.database, world, name);
  const source = await readSource(parts, world, { name, zip: upload.zip });
  await checkProject(parts, world, source);
  const wanted = await askPackages(parts, source);
  return await parts.database.transaction(async (sql) => {
    await lockFiles(sql, world);
    const project = await requireProject(sql, world, name);
    const id = (project.builds[0]?.id ?? 0) + 1;
    const rows = [];
    for (const { folder, setId } of wanted) {
      const logKey = randomBytes(LOG_KEY_BYTES).toString('base64url');
      rows.push({
        folder,
        rowId: await insertFolderBuild(sql, { ...world, folder, setId, builtFor: null, logKey }),
      });
    }
    const { message, platformVersion, deploys } = upload;
    const createdAtMs = parts.clock();
    project.builds.unshift({
      ...{ id, createdAtMs, platformVersion, message, parts: rows, remarks: source.remarks },
      deploys,
    });
    const kept = await withoutOldBuilds(sql, world, project);
    const files = [...source.folders.values()].flat();
    const bytes = upload.zip.length + files.reduce((sum, { content }) => sum + content.length, 0);
    await requireTotals(sql, world, { path: '', files: files.length + 1, bytes }, parts.limits);
    await keepZip(sql, world, { name, id, zip: upload.zip });
    await putProject(sql, world, { ...kept, updatedAtMs: createdAtMs });
    return id;
  });
}

async function readSource(
  { threads, limits }: ProjectBuildsParts,
  { accountId }: World,
  { name, zip }: { name: string; zip: Buffer },
): Promise<ProjectSource> {
  const { unpackedBytes, unpackedEntries, fileBytes } = limits;
  const wanted = { zip, root: liveRoot(name), limits: { unpackedBytes, unpackedEntries, fileBytes } };
  return await readProjectInThread(threads, accountId, wanted);
}

async function keepZip(
  sql: Sql,
  world: World,
  { name, id, zip }: { name: string; id: number; zip: Buffer },
): Promise<void> {
  const hash = createHash('sha256').update(zip).digest('hex');
  await putFile(sql, world, { path: zipPath(name, id), content: zip, hash });
}

async function moveOn(
  parts: ProjectBuildsParts,
  world: World,
  { project, build, rows }: BuildState,
): Promise<void> {
  const { database, packages } = parts;
  const states = await Promise.all(
    rows.map(({ setId }) => (setId === null ? NO_PACKAGES : packages.stateOf(setId))),
  );
  if (states.some(({ status }) => status === 'building')) return;
  const logs = await Promise.all(
    rows.map(({ setId }) => (setId === null ? 'No packages are asked for.\n' : packages.logOf(setId))),
  );
  const hasFailed = states.some(({ status }) => status === 'failed');
  const isDeploying = goesLive(project, build) && !hasFailed;
  const zip = isDeploying ? await findFile(database, world, zipPath(project.name, build.id)) : null;
  const source =
    zip === null ? null : await readSource(parts, world, { name: project.name, zip: zip.content });
  const words = await Promise.all(rows.map((row) => loadingWords({ ...parts, sql: database }, row)));
  await database.transaction(async (sql) => {
    await lockFiles(sql, world);
    const now = await Promise.all(rows.map(({ id }) => lockFolderBuild(sql, world, id)));
    // Another node did it meanwhile.
    if (now.some((row, at) => row?.awaitedChanges !== rows[at]?.awaitedChanges)) return;
    const going = rows.flatMap((row, at) => {
      const state = states[at];
      return now[at]?.status === 'STARTED' && state !== undefined
        ? [{ row, state, log: logs[at] ?? '', words: words[at] ?? null }]
        : [];
    });
    if (going.length === 0) return;
    if (going.some(({ row }) => row.awaitedChanges !== null)) {
      for (const one of going) await endWhenLive(sql, one, parts.clock());
    } else if (source !== null) await putLive(sql, world, { project, build, source, going });
    else for (const one of going) await endBuilt(sql, one);
  });
}

async function deploy(parts: ProjectBuildsParts, world: World, { name, buildId }: Named): Promise<void> {
  const { rows } = await stateOf(parts.database, world, { name, buildId });
  if (rows.some(({ status }) => status === 'STARTED')) {
    fail('invalid_state', { message: `Build ${buildId} is not over yet.` });
  }
  if (rows.some(({ status, awaitedChanges }) => status === 'ERROR' && awaitedChanges === null)) {
    fail('invalid_state', { message: `Build ${buildId} failed: it can not be deployed.` });
  }
  await parts.database.transaction(async (sql) => {
    await lockFiles(sql, world);
    const project = await requireProject(sql, world, name);
    requireBuild(project, buildId).deploys = 'told';
    for (const { id } of rows) await restartFolderBuild(sql, world, id);
    await putProject(sql, world, project);
  });
}

async function remove({ database }: ProjectBuildsParts, world: World, name: string): Promise<void> {
  await database.transaction(async (sql) => {
    await lockFiles(sql, world);
    const project = await findProject(sql, world, name);
    const live = project?.builds.find(({ id }) => id === project.deployedBuildId);
    await deleteFiles(sql, world, projectRoot(name));
    await freePathsBelow(sql, world, projectRoot(name));
    for (const { folder } of live?.parts ?? []) await markFolder(sql, world, folder, 'delete');
  });
}
