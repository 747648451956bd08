// What a function is to the engine: a named, configurable unit of user code with one active version.
import type { Reuse } from '../../../contract/sandbox.ts';
import type { World } from '../accounts/account.ts';
import type { RunnableCanary } from './canary.ts';

export const REUSES = ['warm', 'none'] as const satisfies readonly Reuse[];

export type FunctionSettings = {
  name: string;
  description: string | null;
  enabled: boolean;
  timeoutMs: number;
  memoryMb: number;
  reuse: Reuse;
  /** Runs at a time inside one instance. */
  concurrency: number;
  /** How failed asynchronous runs are tried again. */
  retry: RetryPolicy;
  /** Queued runs at a time over all nodes; null: as many as the account may. */
  maxConcurrentRuns: number | null;
  /** Faults in a row after which the platform disables it; 0: never. */
  disableAfterFaults: number;
  /** Names of its variables that are secret: never shown again, masked in logs and results. */
  secretNames: readonly string[];
};

/** What a function is made with where nobody says otherwise. */
export const USUAL_SETTINGS = {
  retry: { preset: 'none' },
  maxConcurrentRuns: null,
  disableAfterFaults: 0,
  secretNames: [],
} as const satisfies Partial<FunctionSettings>;

/**
 * `lambda`: +1 min, +2 min. `webhook`: the three days of Standard Webhooks. What they mean exactly:
 * queue/retry-plan.ts.
 */
export type RetryPolicy =
  | { preset: 'none' | 'lambda' | 'webhook' }
  | {
      /** After each failed attempt, how long until the next. Their number is the number of retries. s */
      delaysS: number[];
      /** Share of each delay that is left to chance, 0 to 1. */
      jitter: number;
      /** Which ends are tried again. */
      faults: RetriedFault[];
    };
export const RETRIED_FAULTS = ['failed', 'timed_out', 'out_of_memory', 'crashed'] as const;
export type RetriedFault = (typeof RETRIED_FAULTS)[number];

/**
 * How the code of a version is started: an exported Lambda handler, a function body, or one that answers by
 * `sendResponse`.
 */
export type Convention = 'lambda' | 'body' | 'respond';

/** Runs that one instance has in hand at a time: where every run has a process of its own, that is one. */
export function concurrencyOf({
  reuse,
  concurrency,
}: Pick<FunctionSettings, 'reuse' | 'concurrency'>): number {
  return reuse === 'warm' ? concurrency : 1;
}

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
    convention: Convention;
    bundleHash: string;
    /** Packages mounted as the code's node_modules; null: what the bundle holds. */
    layerHash: string | null;
    /** Name and exact version of the layer's packages that the owner asked for. */
    dependencies: Record<string, string>;
    /** Why the platform disabled it; null when it is enabled, or its owner did. */
    disabledReason: string | null;
    pausedAt: Date | null;
    filename: string;
    sizeBytes: number;
    /** Grows with every change that a running sandbox would not notice by itself. */
    revision: number;
    createdAt: Date;
    modifiedAt: Date;
  };

/**
 * What a run needs of a function: looked up on the hot path, so it is kept in memory (function-directory.ts).
 */
export type RunnableFunction = StoredFunction & {
  /**
   * What its environment holds besides the platform's own: its variables, and what its account shares.
   * `secretNames` are of both.
   */
  variables: Record<string, string>;
  /** `version` is one that a run asked for, not the active one: its instances are others. */
  isPinned?: true;
  /** Gets a part of its runs. */
  canary?: RunnableCanary;
};
