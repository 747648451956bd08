// How code becomes a function, and how a function changes: bundle, version and settings in one transaction,
// with nothing left of what fails. Decides nothing about forms or permissions: that is the dialects' part,
// which call it.
import { isDeepStrictEqual } from 'node:util';
import type { World } from '../accounts/account.ts';
import { findBound } from '../accounts/account-bounds-store.ts';
import { fail } from '../errors/failure.ts';
import type { Canary } from '../functions/canary.ts';
import type { Convention, FunctionSettings } from '../functions/function.ts';
import { needsNewSandbox, requireAgreement } from '../functions/function-changes.ts';
import {
  deleteFunction,
  getFunction,
  insertFunction,
  lockFunction,
  type NewFunction,
  type SealedFunction,
  updateFunction,
  writeCanary,
} from '../functions/function-store.ts';
import type { Database, Sql } from '../postgres/database.ts';
import type { BundleCache, ReceivedBundle } from './bundle-cache.ts';
import { dropUnusedBundle, keepBundle } from './bundle-store.ts';
import { requireBuilt } from './unbuilt-sources.ts';
import {
  appendVersion,
  bundlesOfFunction,
  deleteOldVersions,
  listVersions,
  UNKNOWN_ORIGIN,
  type VersionOrigin,
} from './version-store.ts';

/** An uploaded zip. */
export type UploadedCode = { zip: Buffer; filename: string };

/** What makes a version besides its code. */
export type VersionBuild = {
  handler: string;
  runtime: string;
  convention: Convention;
  /** Packages beside the code, built before (builds/); null: none but what the bundle holds. */
  layer: Layer | null;
  origin?: VersionOrigin;
};
/** An exported handler, no packages beside the code. */
export const PLAIN_BUILD = { convention: 'lambda', layer: null } as const;
export type Layer = { hash: string; dependencies: Record<string, string> };
/** Code that the database has already (bundle-store.ts `keepBundle`). */
export type StoredCode = { bundleHash: string; filename: string; sizeBytes: number };

export type FunctionChange = Partial<FunctionSettings> & {
  handler?: string;
  runtime?: string;
  convention?: Convention;
  layer?: Layer | null;
  /** Of the version that the change makes, if it makes one. */
  origin?: VersionOrigin;
  /** Given what is stored; returns it unchanged (the same Buffer) when the variables are the same. */
  reseal?: (stored: Buffer | null) => Promise<Buffer | null> | Buffer | null;
  code?: UploadedCode;
  /** In place of `code`. */
  stored?: StoredCode;
  /** The version that the change makes isn't active, and gets this part of the runs. */
  canary?: Omit<Canary, 'version'>;
  also?: AlsoWrite;
};

/** What a dialect keeps of the function besides, written in the same transaction. */
export type AlsoWrite = (sql: Sql) => Promise<void>;

export type Deployment = {
  /**
   * Makes a function with its first version. @throws Failure `invalid_input` for a zip that is refused, or
   * holds sources that nothing was built of
   */
  create(
    made: NewFunction,
    build: VersionBuild,
    code: UploadedCode,
    also?: AlsoWrite,
  ): Promise<SealedFunction>;
  /**
   * Changes what is given. New code makes a new version; so does another handler or runtime, of the same
   * bundle.
   * @throws Failure `not_found` where the function is not in this world
   */
  change(world: World, id: string, change: FunctionChange): Promise<SealedFunction>;
  /**
   * As `change` without an upload, inside the caller's transaction: what else must act with it does so there.
   * Nodes hear of it when that is committed. @throws Failure `not_found`
   */
  changeWithin(
    sql: Sql,
    at: { world: World; id: string },
    change: Omit<FunctionChange, 'code'>,
  ): Promise<SealedFunction>;
  /**
   * Makes an existing version the active one. @throws Failure `not_found` for a function or number that isn't
   * there, `invalid_input` where the function's settings don't fit its runtime
   */
  activate(world: World, id: string, number: number): Promise<SealedFunction>;
  /**
   * Gives a part of the runs to another version; null: none. @throws Failure as {@link Deployment.activate},
   * `invalid_input` for the active version
   */
  setCanary(world: World, id: string, canary: Canary | null): Promise<SealedFunction>;
  /** Makes the canary the active version. @throws Failure `not_found`, `invalid_state` where there is none */
  promote(world: World, id: string): Promise<SealedFunction>;
  /**
   * Ends a canary; without one, back to the version that was active before. @throws Failure `not_found`,
   * `invalid_state` where there is none
   */
  rollback(world: World, id: string): Promise<SealedFunction>;
  /** @throws Failure `not_found` */
  remove(world: World, id: string): Promise<void>;
};

/**
 * By dialect: how a function is deleted with what else its dialect keeps of it. Where a dialect has no way of
 * its own, `remove` does it all.
 */
export type FunctionRemovers = Record<string, (fn: SealedFunction) => Promise<void>>;

type Parts = {
  database: Database;
  bundles: BundleCache;
  /** Called with every change once it is committed: this node's memory must forget the function at once. */
  onChanged: (functionId: string) => void;
};

export function openDeployment({ database, bundles, onChanged }: Parts): Deployment {
  const commit = async <T>(id: string, work: (sql: Sql) => Promise<T>): Promise<T> => {
    const result = await database.transaction(work);
    onChanged(id);
    return result;
  };

  return {
    create: async (made, build, code, also) => {
      requireAgreement({ ...made, runtime: build.runtime });
      return withBundle(bundles, code, (received) => {
        requireBuilt(build.runtime, received.paths);
        return commit(made.id, async (sql) => {
          await keepBundle(sql, received);
          await insertFunction(sql, made);
          const owner = { functionId: made.id, accountId: made.accountId };
          const { layer, origin = UNKNOWN_ORIGIN, ...start } = build;
          await appendVersion(sql, owner, {
            ...{ ...codeOf(received, code), ...start, ...layerOf(layer), ...origin },
          });
          await also?.(sql);
          return found(await getFunction(sql, made, made.id));
        });
      });
    },
    change: (world, id, change) => {
      const apply = (received?: ReceivedBundle): Promise<SealedFunction> =>
        commit(id, (sql) => applyChange(sql, { world, id, change, received }));
      return change.code === undefined ? apply() : withBundle(bundles, change.code, apply);
    },
    changeWithin: (sql, { world, id }, change) =>
      applyChange(sql, { world, id, change, received: undefined }),
    activate: (world, id, number) =>
      commit(id, async (sql) => activateIn(sql, found(await lockFunction(sql, world, id)), number)),
    setCanary: (world, id, canary) =>
      commit(id, async (sql) => {
        const before = found(await lockFunction(sql, world, id));
        if (canary !== null) await requireCanary(sql, before, canary.version);
        await writeCanary(sql, world, id, canary);
        return found(await getFunction(sql, world, id));
      }),
    promote: (world, id) =>
      commit(id, async (sql) => {
        const before = found(await lockFunction(sql, world, id));
        const { canary } = before;
        if (canary === null) fail('invalid_state', { message: 'the function has no canary' });
        return activateIn(sql, before, canary.version);
      }),
    rollback: (world, id) =>
      commit(id, async (sql) => {
        const before = found(await lockFunction(sql, world, id));
        if (before.canary !== null) {
          await writeCanary(sql, world, id, null);
          return found(await getFunction(sql, world, id));
        }
        if (before.previousVersion === null)
          fail('invalid_state', { message: 'no other version of the function was active before' });
        return activateIn(sql, before, before.previousVersion);
      }),
    remove: (world, id) =>
      commit(id, async (sql) => {
        found(await lockFunction(sql, world, id));
        const hashes = await bundlesOfFunction(sql, world, id);
        await deleteFunction(sql, world, id);
        for (const hash of hashes) await dropUnusedBundle(sql, hash);
      }),
  };
}

/** @throws Failure `not_found`, `invalid_input` */
async function activateIn(sql: Sql, before: SealedFunction, number: number): Promise<SealedFunction> {
  await requireVersion(sql, before, number);
  return settle(sql, before, { ...before, version: number });
}

async function requireVersion(sql: Sql, fn: SealedFunction, number: number): Promise<void> {
  const chosen = (await listVersions(sql, fn, fn.id)).find((version) => version.number === number);
  if (chosen === undefined)
    fail('not_found', { message: `The function has no version ${number}.`, field: 'version' });
  requireAgreement({ ...fn, runtime: chosen.runtime });
}

async function requireCanary(sql: Sql, fn: SealedFunction, number: number): Promise<void> {
  await requireVersion(sql, fn, number);
  if (number !== fn.version) return;
  fail('invalid_input', {
    message: `version: ${number} is the active one: a canary is another`,
    field: 'version',
  });
}

/**
 * Unpacks first, so that a refused zip touches no row; shows the folder last, once the database has the
 * bundle.
 */
async function withBundle<T>(
  bundles: BundleCache,
  code: UploadedCode,
  work: (received: ReceivedBundle) => Promise<T>,
): Promise<T> {
  const received = await bundles.receive(code.zip);
  try {
    const result = await work(received);
    await received.publish();
    return result;
  } finally {
    await received.discard();
  }
}

type Applied = { world: World; id: string; change: FunctionChange; received: ReceivedBundle | undefined };

async function applyChange(sql: Sql, { world, id, change, received }: Applied): Promise<SealedFunction> {
  // The function before the bundle: `remove` locks them in the same order.
  const before = found(await lockFunction(sql, world, id));
  const {
    handler = before.handler,
    runtime = before.runtime,
    convention = before.convention,
    origin = UNKNOWN_ORIGIN,
    reseal,
    code,
    stored,
    layer,
    canary,
    also,
    ...settings
  } = change;
  const after = { ...before, ...settings };
  requireAgreement({ ...after, runtime });
  if (received !== undefined) {
    requireBuilt(runtime, received.paths);
    await keepBundle(sql, received);
  }
  if (reseal !== undefined) after.sealedVariables = await reseal(before.sealedVariables);
  const packages = layer === undefined ? before : layerOf(layer);
  const isSameStart =
    handler === before.handler && runtime === before.runtime && convention === before.convention;
  const hasNewCode = received !== undefined || stored !== undefined;
  const makesVersion = hasNewCode || !isSameStart || !hasSamePackages(before, packages);
  let canaryVersion: number | null = null;
  if (makesVersion) {
    const held = received !== undefined && code !== undefined ? codeOf(received, code) : (stored ?? before);
    const owner = { functionId: id, accountId: world.accountId };
    const number = await appendVersion(sql, owner, {
      bundleHash: held.bundleHash,
      filename: held.filename,
      sizeBytes: held.sizeBytes,
      handler,
      runtime,
      convention,
      layerHash: packages.layerHash,
      dependencies: packages.dependencies,
      ...origin,
    });
    if (canary === undefined) after.version = number;
    else canaryVersion = number;
  }
  await also?.(sql);
  const settled = await settle(sql, before, after);
  if (canary !== undefined && canaryVersion !== null)
    await writeCanary(sql, world, id, { ...canary, version: canaryVersion });
  if (makesVersion) await dropOldVersions(sql, before);
  return canaryVersion === null ? settled : found(await getFunction(sql, world, id));
}

/** Of the versions of a function the newest stay, as many as its account may have. */
async function dropOldVersions(sql: Sql, { id, accountId }: SealedFunction): Promise<void> {
  const newest = await findBound(sql, accountId, 'function_versions');
  if (newest === null) return;
  const kept = { newest: Math.max(1, newest), youngerThanDays: 0 };
  const hashes = await deleteOldVersions(sql, { accountId, functionId: id }, kept);
  for (const hash of hashes) await dropUnusedBundle(sql, hash);
}

type Packages = Pick<SealedFunction, 'layerHash' | 'dependencies'>;

/** The same layer may be what another request led to: what the owner asked for is shown with the version. */
function hasSamePackages(before: Packages, after: Packages): boolean {
  return before.layerHash === after.layerHash && isDeepStrictEqual(before.dependencies, after.dependencies);
}

async function settle(sql: Sql, before: SealedFunction, after: SealedFunction): Promise<SealedFunction> {
  await updateFunction(sql, before, before.id, { ...after, isRenewed: needsNewSandbox(before, after) });
  return found(await getFunction(sql, before, before.id));
}

function codeOf(
  received: ReceivedBundle,
  code: UploadedCode,
): { bundleHash: string; filename: string; sizeBytes: number } {
  return { bundleHash: received.hash, filename: code.filename, sizeBytes: code.zip.length };
}

function layerOf(layer: Layer | null): Packages {
  return { layerHash: layer?.hash ?? null, dependencies: layer?.dependencies ?? {} };
}

function found(candidate: SealedFunction | null): SealedFunction {
  if (candidate === null) fail('not_found', { message: 'There is no such function.' });
  return candidate;
}
