// Makes functions of Millrace's own dialect, gives them code, and copies them. Packages beside the code are
// built first: the code becomes a version together with them, and until then what is active stays. Called by
// own-function-endpoints.ts, which reads what is asked for.
import type { World } from '../accounts/account.ts';
import type { Build, PythonRequest } from '../builds/build.ts';
import { listBuilds } from '../builds/build-store.ts';
import type { Builder } from '../builds/builder.ts';
import { isPython, neededPackages, type PythonPackageParts } from '../builds/python-packages.ts';
import type { BuildFollower } from '../builds/settle-builds.ts';
import type { Limits } from '../config/limits.ts';
import type { Engines } from '../engines/engines.ts';
import { findNodeRuntime } from '../engines/runtime-codes.ts';
import type { AccountKeys } from '../environment/account-keys.ts';
import { openVariables, sealVariables } from '../environment/sealed-variables.ts';
import { fail } from '../errors/failure.ts';
import type { Canary } from '../functions/canary.ts';
import { type Convention, type FunctionSettings, USUAL_SETTINGS } from '../functions/function.ts';
import { getFunction, type SealedFunction } from '../functions/function-store.ts';
import { OWN_DIALECT } from '../functions/own-dialect.ts';
import type { Database } from '../postgres/database.ts';
import { readBundle } from '../versions/bundle-store.ts';
import type { Deployment, UploadedCode } from '../versions/deployment.ts';
import type { VersionOrigin } from '../versions/version-store.ts';
import type { OpenVariables } from './function-variables.ts';

/** The purpose of builds that code of such functions waits for. */
export const OWN_BUILDS = 'own_code';
const CODE_WAITS =
  'code: newer code waits for its packages: send the code too, or try again when its build is over';

export type OwnFunctionParts = {
  database: Database;
  deployment: Pick<Deployment, 'create' | 'change'>;
  builder: Pick<Builder, 'requestBuild'>;
  engines: Pick<Engines, 'choose' | 'ensure'>;
  keys: Pick<AccountKeys, 'seal' | 'unseal'>;
  limits: Limits;
  pythonPackages: PythonPackageParts['pythonPackages'];
  newId(): string;
  /** Called when an engine could not be fetched ahead of the first call. */
  onEngineError(error: unknown): void;
};

export type Start = { handler: string; runtime: string; convention: Convention };
export type CodeChange = {
  start: Start;
  /** null: as it is. */
  code: UploadedCode | null;
  /** Name and range; null: as it is. */
  dependencies: Record<string, string> | null;
  origin: VersionOrigin;
  /** Of the new version, which isn't active then. */
  canary?: Omit<Canary, 'version'>;
};
/** `build`: what the code waits for, or did; null: it needed none. */
export type Deployed = { fn: SealedFunction; build: Build | null };

/** What the build keeps for its end. */
type BuildNote = Start & VersionOrigin & { enables: boolean; canary?: Omit<Canary, 'version'> };

export async function createFunction(
  parts: OwnFunctionParts,
  world: World,
  wanted: CodeChange & {
    code: UploadedCode;
    settings: Partial<FunctionSettings> & { name: string };
    variables: OpenVariables;
  },
): Promise<Deployed> {
  const { limits } = parts;
  const { start, code, dependencies, origin, settings, variables } = wanted;
  const id = parts.newId();
  const owner = { accountId: world.accountId, functionId: id };
  const made = {
    ...{ id, accountId: world.accountId, mode: world.mode, dialect: OWN_DIALECT, description: null },
    ...{ enabled: true, timeoutMs: limits.timeoutMs, memoryMb: limits.memoryMb, concurrency: 1 },
    ...{ reuse: start.convention === 'body' ? ('none' as const) : ('warm' as const) },
    ...{ ...USUAL_SETTINGS, ...settings, secretNames: variables.secretNames },
    sealedVariables: await sealVariables(parts.keys, owner, variables.variables),
  };
  const isAsked = dependencies !== null && Object.keys(dependencies).length > 0;
  if (isAsked) requireNode(start.runtime);
  const needed = await neededPackages(parts, start.runtime, code.zip);
  const needsBuild = isAsked || needed !== null;
  // Nothing calls it before its packages are there.
  const first = needsBuild ? { ...made, enabled: false } : made;
  const fn = await parts.deployment.create(first, { ...start, layer: null, origin }, code);
  bringEngine(parts, start.runtime);
  if (!needsBuild) return { fn, build: null };
  const wantedPackages = needed ?? { dependencies: dependencies ?? {} };
  return buildWith(parts, world, id, { start, code, ...wantedPackages, origin, enables: made.enabled });
}

/**
 * @throws Failure `not_found`, `invalid_input`, `too_many_requests` for a build too many, `invalid_state`
 * where newer code waits for its packages and none is given
 */
export async function changeCode(
  parts: OwnFunctionParts,
  world: World,
  fn: SealedFunction,
  change: CodeChange,
): Promise<Deployed> {
  const { start, code, origin } = change;
  const [latest] = await listBuilds(parts.database, world, { limit: 1, after: null, functionId: fn.id });
  const waiting = latest?.status === 'building' ? latest : null;
  if (code === null && waiting !== null) fail('invalid_state', { message: CODE_WAITS });
  const needed = await neededOfPython(parts, fn, change);
  const dependencies =
    change.dependencies ??
    (needed === 'another_language' ? (waiting?.dependencies ?? neededAnew(fn, start)) : needed.dependencies);
  const python = needed === 'another_language' ? undefined : needed.python;
  // Older code that waits for its packages must not come back over this one: a build overtakes it.
  const isBuilt = waiting !== null || (dependencies !== null && Object.keys(dependencies).length > 0);
  if (!isBuilt) {
    const layer = dependencies === null ? {} : { layer: null };
    const given = code === null ? {} : { code };
    const canary = change.canary === undefined ? {} : { canary: change.canary };
    const changed = await parts.deployment.change(world, fn.id, {
      ...{ ...start, ...layer, ...given, origin, ...canary },
    });
    bringEngine(parts, start.runtime);
    return { fn: changed, build: null };
  }
  if (change.canary !== undefined && waiting !== null) refuseOvertaking();
  const asked = dependencies ?? {};
  if (python === undefined && Object.keys(asked).length > 0) requireNode(start.runtime);
  const enables = waiting !== null && (waiting.note as Partial<BuildNote>).enables === true;
  const canary = change.canary === undefined ? {} : { canary: change.canary };
  return buildWith(parts, world, fn.id, {
    start,
    code,
    dependencies: asked,
    python,
    origin,
    enables,
    ...canary,
  });
}

/** The code that waits was to be active: a canary that overtakes it would take its place. */
function refuseOvertaking(): never {
  return fail('invalid_state', {
    message: 'canary_percent: earlier code waits for its packages: deploy this when that is active',
    field: 'canary_percent',
  });
}

/**
 * A function of the same code, settings, variables and packages, under another name.
 * @throws Failure `not_found` where its code was removed meanwhile
 */
export async function copyFunction(
  parts: OwnFunctionParts,
  fn: SealedFunction,
  { name, madeBy }: { name: string; madeBy: string },
): Promise<SealedFunction> {
  const zip = await readBundle(parts.database, fn.bundleHash);
  if (zip === null) fail('not_found', { message: 'the function was removed meanwhile' });
  const { variables } = await openVariablesOf(parts, fn);
  const id = parts.newId();
  const owner = { accountId: fn.accountId, functionId: id };
  const made = { ...fn, id, name, sealedVariables: await sealVariables(parts.keys, owner, variables) };
  const { handler, runtime, convention, layerHash, dependencies, filename } = fn;
  const layer = layerHash === null ? null : { hash: layerHash, dependencies };
  const origin = { note: `copied from ${fn.id}, version ${fn.version}`, madeBy };
  return await parts.deployment.create(
    made,
    { handler, runtime, convention, layer, origin },
    { zip, filename },
  );
}

type OfPython = { dependencies: Record<string, string> | null; python?: PythonRequest };

/**
 * What the code needs where it is Python's, or what is there was: packages of one language are none of
 * another's.
 */
async function neededOfPython(
  parts: OwnFunctionParts,
  fn: SealedFunction,
  { start, code }: CodeChange,
): Promise<OfPython | 'another_language'> {
  if (!isPython(start.runtime)) return isPython(fn.runtime) ? { dependencies: {} } : 'another_language';
  const isAsItWas = code === null && start.runtime === fn.runtime;
  if (isAsItWas) return { dependencies: null };
  const zip = code?.zip ?? (await readBundle(parts.database, fn.bundleHash));
  const needed = zip === null ? null : await neededPackages(parts, start.runtime, zip);
  return needed ?? { dependencies: {} };
}

/** Packages are built for one version of Node: another one needs them again. */
function neededAnew(fn: SealedFunction, { runtime }: Start): Record<string, string> | null {
  if (fn.layerHash === null || majorOf(fn.runtime) === majorOf(runtime)) return null;
  return fn.dependencies;
}

type WithPackages = CodeChange & {
  dependencies: Record<string, string>;
  python?: PythonRequest | undefined;
  enables: boolean;
};

async function buildWith(
  parts: OwnFunctionParts,
  world: World,
  functionId: string,
  { start, code, dependencies, python, origin, enables, canary }: WithPackages,
): Promise<Deployed> {
  const note: BuildNote = { ...start, ...origin, enables, ...(canary === undefined ? {} : { canary }) };
  const build = await parts.builder.requestBuild({
    ...{ world, functionId, dependencies, note, purpose: OWN_BUILDS, ...(code === null ? {} : { code }) },
    engineMajor: majorOf(start.runtime) ?? 0,
    python,
    runtime: start.runtime,
  });
  bringEngine(parts, start.runtime);
  const fn = await getFunction(parts.database, world, functionId);
  return { fn: fn ?? fail('not_found', { message: 'the function was deleted meanwhile' }), build };
}

/**
 * What was built becomes the active version, with the code that waited for it; a failed build changes
 * nothing.
 */
export function followOwnBuilds(deployment: Pick<Deployment, 'changeWithin'>): BuildFollower {
  return async (sql, build) => {
    if (build.status !== 'ready') return;
    const { handler, runtime, convention, note, madeBy, enables, canary } = build.note as BuildNote;
    await deployment.changeWithin(
      sql,
      { world: build, id: build.functionId },
      {
        ...{ handler, runtime, convention, layer: build.layer, origin: { note, madeBy } },
        ...(build.code === null ? {} : { stored: build.code }),
        ...(enables ? { enabled: true } : {}),
        ...(canary === undefined ? {} : { canary }),
      },
    );
  };
}

/**
 * @throws Failure `invalid_state` for a function of another dialect: its API keeps more of it than the engine
 * knows
 */
export function requireOwn({ dialect }: Pick<SealedFunction, 'dialect'>): void {
  if (dialect === OWN_DIALECT) return;
  fail('invalid_state', {
    message: `this function is of the dialect ${dialect}: its code and variables are changed by that API`,
    facts: { dialect },
  });
}

export async function openVariablesOf(
  { keys }: Pick<OwnFunctionParts, 'keys'>,
  fn: SealedFunction,
): Promise<OpenVariables> {
  const owner = { accountId: fn.accountId, functionId: fn.id };
  return {
    variables: await openVariables(keys, owner, fn.sealedVariables),
    secretNames: fn.secretNames,
  };
}

/** @throws Failure `invalid_input` where nothing here runs the code, or not by this convention */
export function requireRunnable({ engines }: Pick<OwnFunctionParts, 'engines'>, start: Start): void {
  const { runtime, convention } = start;
  const chosen = engines.choose(runtime);
  if (!('engine' in chosen))
    fail('invalid_input', { message: `runtime: ${chosen.problem}`, field: 'runtime' });
  if (convention !== 'lambda' && chosen.language !== 'node')
    fail('invalid_input', {
      message: 'convention: body and respond are for JavaScript',
      field: 'convention',
    });
}

function requireNode(runtime: string): void {
  if (majorOf(runtime) !== null) return;
  fail('invalid_input', {
    message: `dependencies: functions of the runtime ${runtime} bring their packages with their code`,
    field: 'dependencies',
  });
}

/** Of Node; null: it is another language's. */
export function majorOf(runtime: string): number | null {
  const found = findNodeRuntime(runtime);
  return found === null || found === 'other_language' ? null : found.engineMajor;
}

/** The first call waits for what is left of it. */
function bringEngine({ engines, onEngineError }: OwnFunctionParts, runtime: string): void {
  const chosen = engines.choose(runtime);
  if ('engine' in chosen) engines.ensure(chosen.engine).catch(onEngineError);
}
