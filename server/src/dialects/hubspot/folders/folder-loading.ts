// What a build says at its end: whether the code behind every endpoint of its folder can be loaded with the
// packages that were built. Calls nothing of it, and keeps to a time within which a client waits for an
// answer. Called by folder-builds.ts and project-live.ts.
import type { World } from '../../../accounts/account.ts';
import { Failure } from '../../../errors/failure.ts';
import type { LoadFunction, Loading } from '../../../gateway/load-function.ts';
import type { Sql } from '../../../postgres/database.ts';
import type { FolderBuild } from '../catalog/build-store.ts';
import { listFolderEndpoints, type StoredEndpoint } from '../catalog/endpoint-store.ts';
import { listFolders } from '../catalog/folder-store.ts';
import { moduleAdvice } from '../catalog/module-advice.ts';

export type LoadingParts = {
  load: LoadFunction;
  /** Unix time in ms. */
  clock(): number;
};

/** HubSpot's CLI gives up on an answer after 15 s. */
const LOAD_WITHIN_MS = 8_000;

/** @returns null while the folder isn't live, or says itself why it can't be */
export async function loadingWords(
  parts: LoadingParts & { sql: Sql },
  build: Pick<FolderBuild, 'accountId' | 'mode' | 'folder' | 'awaitedChanges' | 'status'>,
): Promise<string | null> {
  const { sql } = parts;
  const { awaitedChanges, status, folder: path } = build;
  if (awaitedChanges === null || status !== 'STARTED') return null;
  const folder = (await listFolders(sql, build)).find((one) => one.path === path);
  if (folder === undefined || folder.problem !== null || folder.deployedChanges < awaitedChanges) return null;
  const live = (await listFolderEndpoints(sql, build, path)).filter(({ retiredAt }) => retiredAt === null);
  const { broken, untried } = await loadEach(parts, build, live);
  if (broken.length === 0 && untried === 0) return 'All endpoints are live.\n';
  const loaded = live.length - broken.length - untried;
  const rest = untried === 0 ? '' : ` ${untried} were not tried.`;
  return [...broken, `${loaded} of ${live.length} endpoints are live.${rest}\n`].join('\n');
}

async function loadEach(
  { load, clock }: LoadingParts,
  { accountId, mode }: World,
  endpoints: readonly StoredEndpoint[],
): Promise<{ broken: string[]; untried: number }> {
  const until = clock() + LOAD_WITHIN_MS;
  const broken: string[] = [];
  let untried = 0;
  for (const { path, folder, functionId } of endpoints) {
    const loading = clock() > until ? null : await loadOne(load, { accountId, mode }, functionId);
    if (loading === null) untried += 1;
    else if (loading.kind === 'failed') {
      const [what] = loading.error.message.split('\n');
      const advice = moduleAdvice(loading.error, folder);
      broken.push(`Not live: ${path}: ${what}${advice === null ? '' : `\n  ${advice}`}`);
    }
  }
  return { broken, untried };
}

/** @returns null where there was no place for it just now */
async function loadOne(load: LoadFunction, world: World, functionId: string): Promise<Loading | null> {
  try {
    return await load(world, functionId);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
