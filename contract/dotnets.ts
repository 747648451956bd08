// The .NET runtimes of this machine, as the launcher has found them and hands them to its two other
// processes. Pure. Found by launcher/find-dotnets.ts, part of machine-engines.ts.
import path from 'node:path';
import { type EngineName, versionOf } from './engine-name.ts';

export type FoundDotnet = {
  /** What codes name, e.g. `10`. */
  version: string;
  /** E.g. `10.0.12`. */
  exact: string;
  /** The folder that it is installed in, canonical. */
  root: string;
  /** Of that, what a function needs: files and folders below it. */
  parts: string[];
  /** Below the engines folder: where these parts lie with the host that was compiled for them. */
  folder: string;
};

/** What compiles the host: of an SDK. */
export type FoundCompiler = {
  root: string;
  /** Below it. */
  file: string;
};

export type FoundDotnets = {
  /** Oldest first, one for each version. */
  engines: FoundDotnet[];
  compiler: FoundCompiler | null;
  /** Whether the machine has the libraries that know languages and cultures; without them .NET knows none. */
  hasIcu: boolean;
};

export const NO_DOTNETS: FoundDotnets = { engines: [], compiler: null, hasIcu: false };

/** @throws Error when the machine hasn't got it */
export function findDotnet(engine: EngineName, { engines }: FoundDotnets): FoundDotnet {
  const found = engines.find(({ version }) => version === versionOf(engine));
  if (found === undefined) throw new Error(`there is no ${engine} on this machine`);
  return found;
}

/**
 * Folders that the server must reach, and where: it may not see where they lie. @returns [what, where], and
 * the same by these places
 */
export function placeDotnets(
  found: FoundDotnets,
  runDir: string,
): { binds: [string, string][]; dotnets: FoundDotnets } {
  const { engines, compiler } = found;
  const roots = [...new Set([...engines, ...(compiler === null ? [] : [compiler])].map(({ root }) => root))];
  const placeOf = (root: string): string => path.join(runDir, `dotnet-${roots.indexOf(root)}`);
  const placed = <T extends { root: string }>(one: T): T => ({ ...one, root: placeOf(one.root) });
  return {
    binds: roots.map((root) => [root, placeOf(root)]),
    dotnets: {
      ...found,
      engines: engines.map(placed),
      compiler: compiler === null ? null : placed(compiler),
    },
  };
}
