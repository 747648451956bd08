// What a run is, and how an outcome becomes a run's final state. Pure.

import type { World } from '../accounts/account.ts';
import type { Outcome, RunError } from '../sandbox/outcome.ts';
import type { TriggerKind } from './run-input.ts';

export const RUN_STATUSES = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'timed_out',
  'out_of_memory',
  'crashed',
  'cancelled',
  'dead',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** For people: what caused a run, e.g. `{method, path, ip}` of a call. Never holds secrets or the body. */
export type RunCause = Record<string, string | number | boolean | null>;

/**
 * How an attempt got its sandbox: one that had run before, one that was started before it was needed, or one
 * that was started for it, from stock or not.
 */
export const SANDBOX_STARTS = ['warm', 'ahead', 'stock', 'cold'] as const;
export type SandboxStart = {
  sandbox: (typeof SANDBOX_STARTS)[number];
  /** Until there was a place in it. */
  waitedMs: number;
  /** Of starting its runtime and loading the code, on its first run. */
  initMs: number | null;
};

/** Of an attempt: what it got as its event, and what it returned, as JSON in bytes; where it ran. */
export type AttemptFacts = { in: number; out: number; start?: SandboxStart };

export type Run = World & {
  /** UUID version 7; also the request id that the function sees. */
  id: string;
  functionId: string;
  version: number;
  /** What kind of thing started it: `http`, ... */
  trigger: TriggerKind;
  cause: RunCause;
  status: RunStatus;
  attempts: number;
  memoryMb: number;
  /** Unix times in ms. */
  createdAtMs: number;
  startedAtMs: number | null;
  endedAtMs: number | null;
  durationMs: number | null;
  /** Time to start the sandbox and load the handler, where this run was the first in it; else null. */
  initMs: number | null;
  memoryPeakBytes: number | null;
  error: RunError | null;
  /** What really ran it, e.g. `node v18.20.8`. */
  engine: string | null;
  /** HTTP status that the caller got, where one waited. */
  responseStatus: number | null;
  /** Of the last attempt; missing where it had none here. Counted, and not kept with the run. */
  facts?: AttemptFacts;
};

/** One attempt before the last. Times are ISO. */
export type PastAttempt = {
  attempt: number;
  status: RunStatus;
  started_at: string | null;
  ended_at: string | null;
  /** Missing where the attempt was lost. */
  duration_ms?: number | null;
  error: RunError | null;
};

/** A run as it stands in the database: what only queued runs have is null or empty for others. */
export type StoredRun = Run & {
  dueAtMs: number | null;
  /** Its function or trigger is paused. */
  isHeld: boolean;
  /** Runs this version, not the active one. */
  pinnedVersion: number | null;
  triggerId: string | null;
  eventId: string | null;
  /** The run that it repeats. */
  replayOf: string | null;
  /** Of a dead run: what has become of it; null: it is on the dead-letter list. */
  deadLetter: 'redriven' | 'discarded' | null;
  history: PastAttempt[];
  /** Whether its input, and what it returned, can still be shown. */
  isInputKept: boolean;
  isResultKept: boolean;
};

const STATUS_OF: Record<Outcome['end'], RunStatus> = {
  returned: 'succeeded',
  threw: 'failed',
  timed_out: 'timed_out',
  out_of_memory: 'out_of_memory',
  crashed: 'crashed',
  too_large: 'failed',
  cancelled: 'cancelled',
  platform_fault: 'crashed',
};

/** The final status that an outcome means for its run. */
export function statusOf(outcome: Outcome): RunStatus {
  return STATUS_OF[outcome.end];
}

/** Whether a run that has ended did so by its function's fault, not by the platform's or a request's. */
export function isFunctionFault({ status, error }: Pick<Run, 'status' | 'error'>): boolean {
  if (status === 'succeeded' || status === 'cancelled') return false;
  return !(error?.type.startsWith('Platform.') ?? false);
}
