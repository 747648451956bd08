// The packages that every folder without a built package.json may require, as the original service had them
// (docs/specs/hubspot.md 4): made once, on the first need, and shared by all. Code that requires none of them
// doesn't wait for them.
import { isBuiltin } from 'node:module';
import type { PackageSets } from '../../../builds/package-sets.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { Layer } from '../../../versions/deployment.ts';
import type { FolderFile } from './folder-plan.ts';

export const PRELOADED: Readonly<Record<string, string>> = {
  '@hubspot/api-client': '^1.0.0-beta',
  axios: '^0.19.2',
  request: '^2.88.0',
  requests: '^0.2.2',
};

/** `problem`: why they are not there, for people. */
export type Preloaded =
  | { kind: 'ready'; layer: Layer | null }
  | { kind: 'pending' }
  | { kind: 'failed'; problem: string };

type Parts = { packages: PackageSets; clock: Clock };

const TRY_AGAIN_MS = 60_000;
/** `require('x')`, `import ... from 'x'`, `import('x')`. */
const REQUEST = /(?:\brequire\s*\(\s*|\bfrom\s*|\bimport\s*\(?\s*)(['"`])([^'"`\n]+)\1/g;

/** @returns what a Node of the given major version has */
export function preloadedPackages({ packages, clock }: Parts): (engineMajor: number) => Promise<Preloaded> {
  const asked = new Map<number, string>();
  const failed = new Map<number, { problem: string; untilMs: number }>();
  return async (engineMajor) => {
    const wanted = { dependencies: { ...PRELOADED }, engineMajor };
    const ready = await packages.readyLayer(wanted);
    if (ready !== null) return { kind: 'ready', layer: ready };
    const failure = failed.get(engineMajor);
    if (failure !== undefined && clock() < failure.untilMs)
      return { kind: 'failed', problem: failure.problem };
    const setId = asked.get(engineMajor) ?? (await packages.ask(wanted));
    asked.set(engineMajor, setId);
    const state = await packages.stateOf(setId);
    if (state.status === 'building') return { kind: 'pending' };
    asked.delete(engineMajor);
    if (state.status === 'ready') return { kind: 'ready', layer: state.layer };
    const problem = `the preloaded packages could not be installed: ${state.error.message}`;
    failed.set(engineMajor, { problem, untilMs: clock() + TRY_AGAIN_MS });
    return { kind: 'failed', problem };
  };
}

/** Whether code asks for anything that is neither its own file nor Node's. */
export function requiresPackages(files: readonly FolderFile[]): boolean {
  const code = files.filter(({ name }) => /\.[cm]?js$/.test(name));
  return code.some(({ content }) => namesPackage(content.toString()));
}

/** One after the other: a list of all would be many times the code. */
function namesPackage(code: string): boolean {
  for (const [, , name = ''] of code.matchAll(REQUEST)) {
    if (!/^[./]/.test(name) && !isBuiltin(name)) return true;
  }
  return false;
}
