// What has become of a folder that was imported: whether its packages are there, whether it is live, and,
// asked endpoint by endpoint, whether the code behind one can be loaded. Changes nothing. Called by
// import-endpoint.ts.
import type { World } from '../../../accounts/account.ts';
import { fail } from '../../../errors/failure.ts';
import type { LoadFunction } from '../../../gateway/load-function.ts';
import type { Sql } from '../../../postgres/database.ts';
import type { Threads } from '../../../threads/thread-pool.ts';
import { type FolderBuild, findLatestBuild } from '../catalog/build-store.ts';
import { listFolderEndpoints } from '../catalog/endpoint-store.ts';
import { readFiles } from '../catalog/file-store.ts';
import { listFolders } from '../catalog/folder-store.ts';
import { deployCommand, moduleAdvice } from '../catalog/module-advice.ts';
import type { FolderBuilds } from '../folders/folder-builds.ts';
import { planLargeFolder } from '../folders/plan-in-thread.ts';

export type ProgressParts = {
  sql: Sql;
  builds: Pick<FolderBuilds, 'look'>;
  load: LoadFunction;
  threads: Threads;
};

export type BuildView = {
  id: number;
  status: 'going' | 'succeeded' | 'failed';
  error: string | null;
  advice: string | null;
};

export type FolderProgress = {
  folder: string;
  /** Nothing of it is on its way any more. */
  settled: boolean;
  /** What keeps it, or some of it, from being live. */
  problem: string | null;
  needs_deploy: boolean;
  /** Of its packages, the one that began last. */
  build: BuildView | null;
  /** Paths that are served. */
  live: string[];
};

/** @throws Failure `not_found` */
export async function folderProgress(
  parts: ProgressParts,
  world: World,
  folder: string,
): Promise<FolderProgress> {
  const { sql, builds } = parts;
  const latest = await findLatestBuild(sql, world, folder);
  const build = latest === null ? null : await builds.look(world, latest.id);
  const state = (await listFolders(sql, world)).find(({ path }) => path === folder);
  if (state === undefined) return noFolder(folder);
  const endpoints = await listFolderEndpoints(sql, world, folder);
  return {
    folder,
    settled: !state.isWaiting && build?.status !== 'STARTED',
    problem: state.problem,
    needs_deploy: state.needsDeploy,
    build: build === null ? null : viewBuild(build),
    live: endpoints.filter(({ retiredAt }) => retiredAt === null).map(({ path }) => path),
  };
}

function viewBuild({ id, status, errorReason, folder }: FolderBuild): BuildView {
  const isFailed = status === 'ERROR';
  return {
    id,
    status: isFailed ? 'failed' : status === 'SUCCESS' ? 'succeeded' : 'going',
    error: errorReason,
    advice: isFailed
      ? `What to do: correct ${folder}/package.json and import again, or upload it and run ${deployCommand(folder)}.`
      : null,
  };
}

export type Probe = {
  path: string;
  /** Its code is loaded and can be called. */
  answers: boolean;
  engine: string | null;
  error: { type: string; message: string } | null;
  advice: string | null;
};

/**
 * Loads the code behind an endpoint, and calls nothing of it. @throws Failure `not_found` for a folder or a
 * path that isn't there
 */
export async function probeEndpoint(
  parts: ProgressParts,
  world: World,
  { folder, path }: { folder: string; path: string },
): Promise<Probe> {
  const endpoints = await listFolderEndpoints(parts.sql, world, folder);
  const endpoint = endpoints.find((one) => one.path === path && one.retiredAt === null);
  const nothing = { path, answers: false, engine: null, error: null };
  if (endpoint === undefined) return { ...nothing, ...(await whyNotThere(parts, world, { folder, path })) };
  const loading = await parts.load(world, endpoint.functionId);
  if (loading.kind === 'loaded') {
    return { path, answers: true, engine: loading.engine, error: null, advice: null };
  }
  const { type, message } = loading.error;
  return { ...nothing, error: { type, message }, advice: moduleAdvice(loading.error, folder) };
}

/** A path that is declared and not live: as a rule its file is missing. */
async function whyNotThere(
  { sql, threads }: ProgressParts,
  world: World,
  { folder, path }: { folder: string; path: string },
): Promise<Pick<Probe, 'error' | 'advice'>> {
  const unknown = { error: null, advice: null };
  const files = await readFiles(sql, world, folder);
  if (files.length === 0) return noFolder(folder);
  const names = files.map((file) => ({ name: file.path.slice(folder.length + 1), content: file.content }));
  const { reading } = await planLargeFolder(threads, world.accountId, names);
  if (reading.kind === 'broken') return unknown;
  const lacking = reading.plan.missing.find((one) => one.path === path);
  if (lacking === undefined) return unknown;
  return {
    error: { type: 'Endpoint.FileMissing', message: `there is no file ${lacking.file}` },
    advice: `What to do: upload ${folder}/${lacking.file}, or take ${path} out of its serverless.json.`,
  };
}

function noFolder(folder: string): never {
  return fail('not_found', { message: `There is no folder ${folder.slice(0, 200)}.`, field: 'folder' });
}
