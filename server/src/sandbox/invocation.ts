// What an instance is given to run, and what it gives back. Types alone; between runs/attempt-run.ts and
// instance.ts.
import type { LogLines } from '../logs/log-lines.ts';
import type { Outcome } from './outcome.ts';

export type Invocation = {
  runId: string;
  functionArn: string;
  /** As Lambda's tools write it; undefined: the run is part of no trace. */
  traceId?: string | undefined;
  timeoutMs: number;
  /** The event as JSON text. */
  event: string;
  /** Is given the log as it begins: it grows while the run goes on. */
  onLog?(log: LogLines): void;
};

export type FinishedInvocation = {
  outcome: Outcome;
  /** False: its code was certainly not called, and the run may go to another instance. */
  hasBegun: boolean;
  /** Unix time in ms at which the handler was called. */
  startedAtMs: number;
  durationMs: number;
  /** What the run printed; whole once `settled` has resolved. */
  log: LogLines;
  /** It has been answered, and its work goes on until then. */
  lingers: boolean;
  /**
   * Resolves when the log is whole and the place that it had is free again (or the instance ended). Never
   * rejects.
   */
  settled: Promise<void>;
};
