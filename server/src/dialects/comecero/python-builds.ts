// Functions in Python whose requirements.txt is built: the code waits for its packages, and what is active
// stays until they are there. Called by hosted-functions.ts.
import type { World } from '../../accounts/account.ts';
import type { Build } from '../../builds/build.ts';
import { listBuilds } from '../../builds/build-store.ts';
import type { Builder } from '../../builds/builder.ts';
import {
  isPython,
  type NeededPackages,
  neededPackages,
  type PythonPackageParts,
} from '../../builds/python-packages.ts';
import type { BuildFollower } from '../../builds/settle-builds.ts';
import { fail } from '../../errors/failure.ts';
import type { SealedFunction } from '../../functions/function-store.ts';
import type { Sql } from '../../postgres/database.ts';
import { readBundle } from '../../versions/bundle-store.ts';
import type { Deployment, UploadedCode } from '../../versions/deployment.ts';

export const PYTHON_BUILDS = 'comecero_python';

type Start = { handler: string; runtime: string };
/** What the build keeps for its end. */
type BuildNote = Start & { enables: boolean };

type Parts = PythonPackageParts & { sql: Sql; builder: Pick<Builder, 'requestBuild'> };

export type PythonAsk = {
  world: World;
  functionId: string;
  needed: NeededPackages | null;
  note: BuildNote;
  code: UploadedCode | null;
};

/** @throws Failure `too_many_requests` over the account's limit */
export async function buildPython(
  { builder }: Pick<Parts, 'builder'>,
  { world, functionId, needed, note, code }: PythonAsk,
): Promise<void> {
  await builder.requestBuild({
    ...{ world, functionId, note, purpose: PYTHON_BUILDS, engineMajor: 0, runtime: note.runtime },
    ...(needed ?? { dependencies: {} }),
    ...(code === null ? {} : { code }),
  });
}

export type PythonChange =
  /** `layer`: what the change must say of packages. */
  | { kind: 'at_once'; layer: { layer?: null } }
  | { kind: 'built'; needed: NeededPackages | null; note: BuildNote };

/** How code or another runtime comes to a function. @throws Failure `invalid_input`, `invalid_state` */
export async function planPythonChange(
  parts: Parts,
  fn: SealedFunction,
  start: Start,
  code: UploadedCode | null,
): Promise<PythonChange> {
  const isSameStart = start.handler === fn.handler && start.runtime === fn.runtime;
  if (code === null && isSameStart) return { kind: 'at_once', layer: {} };
  const waiting = await waitingBuild(parts.sql, fn);
  if (waiting !== null && code === null) {
    fail('invalid_state', {
      message: 'newer code waits for its packages: upload the code too, or try again when its build is over',
    });
  }
  const isOfPython = isPython(start.runtime) || isPython(fn.runtime);
  const isNew = code !== null || start.runtime !== fn.runtime;
  const needed = isOfPython && isNew ? await neededOf(parts, fn, start, code) : null;
  if (needed === null && waiting === null)
    return { kind: 'at_once', layer: isOfPython && isNew ? { layer: null } : {} };
  const enables = (waiting?.note as Partial<BuildNote> | undefined)?.enables === true;
  return { kind: 'built', needed, note: { ...start, enables } };
}

async function neededOf(
  parts: Parts,
  fn: SealedFunction,
  { runtime }: Start,
  code: UploadedCode | null,
): Promise<NeededPackages | null> {
  const zip = code?.zip ?? (await readBundle(parts.sql, fn.bundleHash));
  return zip === null ? null : await neededPackages(parts, runtime, zip);
}

async function waitingBuild(sql: Sql, fn: SealedFunction): Promise<Build | null> {
  const [latest] = await listBuilds(sql, fn, { limit: 1, after: null, functionId: fn.id });
  return latest?.status === 'building' && latest.purpose === PYTHON_BUILDS ? latest : null;
}

/** The code becomes the active version together with its packages; a failed build changes nothing. */
export function followPythonBuilds(deployment: Pick<Deployment, 'changeWithin'>): BuildFollower {
  return async (sql, build) => {
    if (build.status !== 'ready') return;
    const { handler, runtime, enables } = build.note as BuildNote;
    await deployment.changeWithin(
      sql,
      { world: build, id: build.functionId },
      {
        ...{ handler, runtime, layer: build.layer },
        ...(build.code === null ? {} : { stored: build.code }),
        ...(enables ? { enabled: true } : {}),
      },
    );
  };
}
