// The JDKs and JREs of this machine, as the launcher has found them and hands them to its two other
// processes. Found by launcher/find-javas.ts, part of machine-engines.ts.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { type EngineName, versionOf } from './engine-name.ts';

/** The oldest that the runtime is compiled for. */
export const OLDEST_JAVA = 11;

export type FoundJava = {
  /** What codes name, e.g. `17`. */
  version: string;
  /** E.g. `17.0.15`. */
  exact: string;
  /** The folder that it is installed in, canonical. */
  home: string;
  /** Below the engines folder: where what a function needs of it lies, with the runtime. */
  folder: string;
};

export type FoundJavas = {
  /** Oldest first, one for each version. */
  engines: FoundJava[];
  /** Folder of a JDK: its compiler makes the runtime of its sources. null: there are JREs alone, or none. */
  compilerHome: string | null;
};

export const NO_JAVAS: FoundJavas = { engines: [], compilerHome: null };

/** @throws Error when the machine hasn't got it */
export function findJava(engine: EngineName, { engines }: FoundJavas): FoundJava {
  const found = engines.find(({ version }) => version === versionOf(engine));
  if (found === undefined) throw new Error(`there is no ${engine} on this machine`);
  return found;
}

/**
 * Folders that the server must reach, and where: it may not see where they lie. @returns [what, where], and
 * the same by these places
 */
export function placeJavas(
  found: FoundJavas,
  runDir: string,
): { binds: [string, string][]; javas: FoundJavas } {
  const { engines, compilerHome } = found;
  const compilers = compilerHome === null ? [] : [compilerHome];
  const homes = [...new Set([...engines.map(({ home }) => home), ...compilers])];
  const placeOf = (home: string): string => path.join(runDir, `java-${homes.indexOf(home)}`);
  return {
    binds: homes.map((home) => [home, placeOf(home)]),
    javas: {
      engines: engines.map((engine) => ({ ...engine, home: placeOf(engine.home) })),
      compilerHome: compilerHome === null ? null : placeOf(compilerHome),
    },
  };
}

/** The Java files of the runtime. */
export function runtimeSources(folder: string): string[] {
  const entries = readdirSync(path.join(folder, 'src'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.java'));
  return files.map((entry) => path.join(entry.parentPath, entry.name)).sort();
}
