// What a run is, and how an outcome becomes a run's final state. Pure.
import type { World } from '../accounts/account.ts';
import type { Outcome, RunError } from '../sandbox/outcome.ts';

export type RunStatus =
  | 'queued'
  | 'running'
  | 'succeeded'
  | 'failed'
  | 'timed_out'
  | 'out_of_memory'
  | 'crashed'
  | 'cancelled'
  | 'dead';

/** For people: what caused a run, e.g. `{method, path, ip}` of a call. Never holds secrets or the body. */
export type RunCause = Record<string, string | number | boolean | null>;

export type Run = World & {
  /** UUID version 7; also the request id that the function sees. */
  id: string;
  functionId: string;
  version: number;
  /** What kind of thing started it: `http`, ... */
  trigger: string;
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
};

const STATUS_OF: Record<Outcome['end'], RunStatus> = {
  returned: 'succeeded',
  threw: 'failed',
  timed_out: 'timed_out',
  out_of_memory: 'out_of_memory',
  crashed: 'crashed',
  too_large: 'failed',
  platform_fault: 'crashed',
};

/** The final status that an outcome means for its run. */
export function statusOf(outcome: Outcome): RunStatus {
  return STATUS_OF[outcome.end];
}
