// A build: one function's request for packages, and what became of it.
//
//   building -> ready | failed        (asking again makes another build; a failed one changes nothing of the function)
import type { EngineName } from '../../../contract/engine-name.ts';
import type { World } from '../accounts/account.ts';
import type { Layer, StoredCode } from '../versions/deployment.ts';

/** What pip is given, and of which engine it is: the same runs the function. */
export type PythonRequest = { engine: EngineName; requirements: string };

export const BUILD_STATUSES = ['building', 'ready', 'failed'] as const;
export type BuildStatus = (typeof BUILD_STATUSES)[number];

/** Where it went wrong, and in the words of the program that found out: npm's own, most of the time. */
export type BuildError = { step: BuildStep; message: string };
export const BUILD_STEPS = [
  'resolve',
  'install',
  'scripts',
  'pack',
  'limits',
  'activate',
  'platform',
] as const;
export type BuildStep = (typeof BUILD_STEPS)[number];

/** What packages are asked for: it alone decides whether two builds are the same. */
export type PackageRequest = {
  /** Name and range, as checked by dependencies.ts. */
  dependencies: Record<string, string>;
  /** Node's major version; of Python's packages 0. */
  engineMajor: number;
  /** Packages of Python: what its pip is given. */
  python?: PythonRequest | undefined;
};

export type Build = World & {
  id: string;
  functionId: string;
  dependencies: Record<string, string>;
  /** Names who acts when it is over. */
  purpose: string;
  /** What the follower wants to know then: never shown. */
  note: Record<string, unknown>;
  /** Code that waits for its packages; the follower makes it a version. */
  code: StoredCode | null;
  status: BuildStatus;
  /** Of a ready one; null where no packages are asked for. */
  layer: Layer | null;
  error: BuildError | null;
  createdAt: Date;
  endedAt: Date | null;
};
