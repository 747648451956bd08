// What a function is to the engine: a named, configurable unit of user code with one active version.
import type { World } from '../accounts/account.ts';

export type Reuse = 'warm' | 'none';

export type FunctionSettings = {
  name: string;
  description: string | null;
  enabled: boolean;
  timeoutMs: number;
  memoryMb: number;
  reuse: Reuse;
  /** Runs at a time inside one instance. */
  concurrency: number;
};

/** A function with its active version, without its variables' values. */
export type StoredFunction = World &
  FunctionSettings & {
    id: string;
    dialect: string;
    /** Number of the active version. */
    version: number;
    handler: string;
    /** The runtime code that the owner named, e.g. `nodejs8.10`. */
    runtime: string;
    bundleHash: string;
    filename: string;
    sizeBytes: number;
    /** Grows with every change that a running sandbox would not notice by itself. */
    revision: number;
    createdAt: Date;
    modifiedAt: Date;
  };

/** What a run needs of a function: looked up on the hot path, so it is kept in memory (function-directory.ts). */
export type RunnableFunction = StoredFunction & {
  /** The function's own variables, opened. */
  variables: Record<string, string>;
};
