// Makes a folder's endpoints what its files say: functions are made, changed and retired, all of them of one
// and the same snapshot of the files. May be ended anywhere and begun again: what is right already is left
// alone. Called by folder-worker.ts.

import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { World } from '../../../accounts/account.ts';
import { boundOf } from '../../../accounts/account-bounds-store.ts';
import { openVariables, sealVariables } from '../../../environment/sealed-variables.ts';
import type { Variables } from '../../../environment/variables.ts';
import { Failure } from '../../../errors/failure.ts';
import { USUAL_SETTINGS } from '../../../functions/function.ts';
import { getFunction, type SealedFunction } from '../../../functions/function-store.ts';
import { newFunctionId } from '../../../ids/ids.ts';
import type { Sql } from '../../../postgres/database.ts';
import type { Threads } from '../../../threads/thread-pool.ts';
import type { Deployment, Layer } from '../../../versions/deployment.ts';
import { packZip } from '../../../versions/pack-zip.ts';
import { findHolders } from '../catalog/endpoint-path-store.ts';
import {
  listEndpoints,
  listFolderEndpoints,
  putEndpoint,
  retireEndpoint,
  type StoredEndpoint,
} from '../catalog/endpoint-store.ts';
import { readFiles } from '../catalog/file-store.ts';
import type { ClaimedFolder, FolderFindings } from '../catalog/folder-store.ts';
import { rivalsOf, rivalWords } from '../catalog/path-rivals.ts';
import { type Keys, openSecrets } from '../catalog/secret-store.ts';
import { engineMajorOf } from './folder-builds.ts';
import { needsDeploy } from './folder-packages.ts';
import type { FolderFile, FolderPlan, PlannedEndpoint } from './folder-plan.ts';
import { type Planned, planLargeFolder } from './plan-in-thread.ts';
import type { Preloaded } from './preloaded-packages.ts';

export const DIALECT = 'hubspot';

export type FolderDeployerParts = {
  sql: Sql;
  deployment: Deployment;
  keys: Keys;
  /** Packages that code without a built package.json is started with, by Node's major version. */
  preloaded(engineMajor: number): Promise<Preloaded>;
  threads: Threads;
  limits: { endpointTimeoutMs: number; endpointMemoryMb: number; endpointsPerAccount: number };
};

/**
 * `problem`: what is not live and why, for people; null: all is as the files say. `incomplete`: it is live as
 * far as it can be, and should be tried again. `packages_pending`: nothing was done yet.
 */
export type Deployed =
  | ({ kind: 'done' } & FolderFindings)
  | { kind: 'incomplete'; problem: string }
  | { kind: 'packages_pending' };

export type DeployFolder = (folder: ClaimedFolder) => Promise<Deployed>;

export function createFolderDeployer(parts: FolderDeployerParts): DeployFolder {
  return async (folder) => {
    const files = await readFiles(parts.sql, folder, folder.path);
    const names = files.map((file) => ({
      name: file.path.slice(folder.path.length + 1),
      content: file.content,
    }));
    const { reading, requiresPackages } = await planned(parts, folder, names);
    const packageJson = names.find(({ name }) => name === 'package.json')?.content;
    const found = { kind: 'done', needsDeploy: needsDeploy(packageJson, folder.packages) } as const;
    // What is live stays: better yesterday's endpoints than none.
    if (reading.kind === 'broken') return { ...found, problem: reading.problems.map(lineOf).join('; ') };
    const { plan } = reading;
    const packages = await packagesFor(parts, folder, { plan, requiresPackages });
    if (packages.kind === 'pending') return { kind: 'packages_pending' };
    const isMissing = packages.kind === 'failed';
    const problem = await carryOut(parts, folder, { plan, layer: isMissing ? null : packages.layer });
    if (!isMissing) return { ...found, problem };
    return { kind: 'incomplete', problem: [packages.problem, problem].filter(Boolean).join('; ') };
  };
}

/** What takes too much to be planned is reported to its owner, not tried again. */
async function planned(
  { threads }: FolderDeployerParts,
  { accountId }: ClaimedFolder,
  files: readonly FolderFile[],
): Promise<Planned> {
  try {
    return await planLargeFolder(threads, accountId, files);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'payload_too_large') throw error;
    const problems = [{ message: error.message, line: null }];
    return { reading: { kind: 'broken', problems }, requiresPackages: false };
  }
}

async function packagesFor(
  parts: FolderDeployerParts,
  folder: ClaimedFolder,
  { plan, requiresPackages }: { plan: FolderPlan; requiresPackages: boolean },
): Promise<Preloaded> {
  if (folder.packages.kind === 'built') return { kind: 'ready', layer: folder.packages.layer };
  if (plan.endpoints.length === 0 || !requiresPackages) return { kind: 'ready', layer: null };
  return await parts.preloaded(engineMajorOf(plan.runtime));
}

type Wanted = { plan: FolderPlan; layer: Layer | null };

async function carryOut(
  parts: FolderDeployerParts,
  folder: ClaimedFolder,
  { plan, layer }: Wanted,
): Promise<string | null> {
  const problems: string[] = [];
  const { own, rivals } = await withoutRivals(parts, folder, plan.endpoints);
  problems.push(...rivals);
  const { within, beyond, most } = await withinLimit(parts, folder, own);
  if (beyond > 0) problems.push(tooManyEndpoints(most, beyond));
  const stored = await listFolderEndpoints(parts.sql, folder, folder.path);
  const build = { code: await packZip(plan.code), runtime: plan.runtime, layer };
  for (const endpoint of within) {
    const known = stored.find(({ path }) => path === endpoint.path);
    try {
      await makeLive(parts, { folder, endpoint, known, build });
    } catch (error) {
      if (!(error instanceof Failure) || error.kind.fault === 'platform') throw error;
      problems.push(`${endpoint.path}: ${error.message}`);
    }
  }
  const wanted = new Set(within.map(({ path }) => path));
  for (const endpoint of stored.filter(({ path, retiredAt }) => !wanted.has(path) && retiredAt === null)) {
    await retire(parts, endpoint);
  }
  return problems.length === 0 ? null : problems.join('; ');
}

/** What another folder serves stays that folder's. */
async function withoutRivals(
  { sql }: FolderDeployerParts,
  folder: ClaimedFolder,
  endpoints: readonly PlannedEndpoint[],
): Promise<{ own: PlannedEndpoint[]; rivals: string[] }> {
  const holders = await findHolders(sql, folder, endpoints);
  const rivals = rivalsOf(endpoints, holders, (holder) => holder === folder.path);
  const lost = new Set(rivals.map(({ path }) => path));
  return {
    own: endpoints.filter(({ path }) => !lost.has(path)),
    rivals: rivals.map((rival) => rivalWords(rival, folder.path)),
  };
}

/** Endpoints of other folders come first: they were there before. */
async function withinLimit(
  { sql, limits }: FolderDeployerParts,
  folder: ClaimedFolder,
  endpoints: readonly PlannedEndpoint[],
): Promise<{ within: PlannedEndpoint[]; beyond: number; most: number }> {
  const others = (await listEndpoints(sql, folder)).filter((other) => other.folder !== folder.path).length;
  const most = await boundOf(sql, folder.accountId, { name: 'endpoints', usual: limits.endpointsPerAccount });
  const room = Math.max(0, most - others);
  return { within: endpoints.slice(0, room), beyond: Math.max(0, endpoints.length - room), most };
}

export function tooManyEndpoints(limit: number, beyond: number): string {
  return `an account may have ${limit} endpoints, this is ${beyond} too many`;
}

type Live = {
  folder: ClaimedFolder;
  endpoint: PlannedEndpoint;
  known: StoredEndpoint | undefined;
  build: { code: Buffer; runtime: string; layer: Layer | null };
};

/** The function first, then the endpoint that names it: a call never finds an endpoint without a function. */
async function makeLive(parts: FolderDeployerParts, live: Live): Promise<void> {
  const { folder, endpoint, known } = live;
  const variables = await variablesOf(parts, folder, endpoint);
  const id = known?.functionId ?? newFunctionId();
  const before = await getFunction(parts.sql, folder, id);
  if (before === null) await createFunction(parts, live, { id, variables });
  else await changeFunction(parts, live, { before, variables });
  const declared = {
    methods: endpoint.methods,
    file: endpoint.file,
    secretNames: endpoint.secretNames,
    functionId: id,
    claimedAt: folder.uploadedAt,
  };
  if (known !== undefined && known.retiredAt === null && isSame(known, declared)) return;
  const made = { ...worldOf(folder), folder: folder.path, path: endpoint.path, ...declared };
  if (await putEndpoint(parts.sql, made)) return;
  // Another folder has taken the path since the files were read: they have changed, and this folder is
  // deployed again.
  if (known === undefined) await parts.deployment.remove(folder, id);
}

function isSame(known: StoredEndpoint, declared: Partial<StoredEndpoint>): boolean {
  return Object.entries(declared).every(([member, value]) =>
    isDeepStrictEqual(known[member as keyof StoredEndpoint], value),
  );
}

/** Environment, and over it the secrets that exist: code finds both in `process.env` when it is loaded. */
async function variablesOf(
  { sql, keys }: FolderDeployerParts,
  folder: ClaimedFolder,
  endpoint: PlannedEndpoint,
): Promise<Variables> {
  const secrets = await openSecrets(sql, keys, { ...worldOf(folder), names: endpoint.secretNames });
  return Object.fromEntries([...Object.entries(endpoint.environment), ...secrets]);
}

async function createFunction(
  { deployment, keys, limits }: FolderDeployerParts,
  { folder, endpoint, build }: Live,
  { id, variables }: { id: string; variables: Variables },
): Promise<void> {
  const owner = { accountId: folder.accountId, functionId: id };
  await deployment.create(
    {
      ...USUAL_SETTINGS,
      ...worldOf(folder),
      id,
      dialect: DIALECT,
      name: endpoint.path,
      description: `${folder.path}/${endpoint.file}`,
      enabled: true,
      timeoutMs: limits.endpointTimeoutMs,
      memoryMb: limits.endpointMemoryMb,
      reuse: 'warm',
      concurrency: 1,
      secretNames: endpoint.secretNames,
      sealedVariables: await sealVariables(keys, owner, variables),
    },
    { handler: endpoint.handler, runtime: build.runtime, convention: 'respond', layer: build.layer },
    uploadOf(folder, build.code),
  );
}

async function changeFunction(
  { deployment, keys }: FolderDeployerParts,
  { folder, endpoint, build }: Live,
  { before, variables }: { before: SealedFunction; variables: Variables },
): Promise<void> {
  const owner = { accountId: folder.accountId, functionId: before.id };
  const hasSameVariables = isDeepStrictEqual(
    await openVariables(keys, owner, before.sealedVariables),
    variables,
  );
  const hasSameCode = createHash('sha256').update(build.code).digest('hex') === before.bundleHash;
  const isSameBuild =
    hasSameCode &&
    before.handler === endpoint.handler &&
    before.runtime === build.runtime &&
    before.layerHash === (build.layer?.hash ?? null);
  const hasSameSecrets = isDeepStrictEqual(before.secretNames, endpoint.secretNames);
  if (isSameBuild && hasSameVariables && hasSameSecrets) return;
  await deployment.change(folder, before.id, {
    handler: endpoint.handler,
    runtime: build.runtime,
    layer: build.layer,
    secretNames: endpoint.secretNames,
    description: `${folder.path}/${endpoint.file}`,
    ...(hasSameCode ? {} : { code: uploadOf(folder, build.code) }),
    ...(hasSameVariables ? {} : { reseal: () => sealVariables(keys, owner, variables) }),
  });
}

/** The endpoint first: nobody is sent to a function that is going. */
async function retire({ sql, deployment }: FolderDeployerParts, endpoint: StoredEndpoint): Promise<void> {
  await retireEndpoint(sql, endpoint, endpoint.folder, endpoint.path);
  await deployment.remove(endpoint, endpoint.functionId).catch((error: unknown) => {
    if (!(error instanceof Failure && error.code === 'not_found')) throw error;
  });
}

function uploadOf(folder: ClaimedFolder, zip: Buffer): { zip: Buffer; filename: string } {
  return { zip, filename: `${folder.path.split('/').pop() ?? 'functions'}.zip` };
}

function worldOf({ accountId, mode }: World): World {
  return { accountId, mode };
}

function lineOf({ message, line }: { message: string; line: number | null }): string {
  return line === null ? message : `serverless.json line ${line}: ${message}`;
}
