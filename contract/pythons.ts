// The Pythons of this machine, as the launcher has found them and hands them to its two other processes: the
// server may not see where they lie. Pure. Found by launcher/find-pythons.ts, part of machine-engines.ts.

export type FoundPython = {
  /** What codes name, e.g. `3.11`. */
  version: string;
  /** E.g. `3.11.7`. */
  exact: string;
  /** The folder that it is installed in, canonical; `/usr`: the distribution's own. */
  prefix: string;
  /** Of the rest, what a function needs; below the prefix. */
  binary: string;
  standardLibrary: string;
  /** Where the interpreter is a library of its own. */
  sharedLibrary: string | null;
};

/** The prefix of what the distribution installs. */
export const DISTRIBUTION = '/usr';

/** @param version e.g. `3.11` */
export function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}
