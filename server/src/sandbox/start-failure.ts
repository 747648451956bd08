// How the start of an instance fails when the function can't be loaded. Thrown by instance.ts; the run that
// wanted the instance ends by its outcome (runs/attempt-run.ts).
import type { LogLines } from '../logs/log-lines.ts';
import type { Ending } from './awaited-endings.ts';
import { type Outcome, readErrorObject } from './outcome.ts';

export type FailedStart = Exclude<Outcome, { end: 'returned' }>;

/** The runtime could not be started, or the handler could not be loaded. */
export class StartFailure extends Error {
  /** Where code was loaded for no run. */
  readonly outcome: FailedStart;
  /** As that of a run: Lambda's words for an exit name it. */
  readonly outcomeOf: (runId: string) => FailedStart;
  readonly log: LogLines;
  readonly memoryPeakBytes: number | null;

  constructor(
    outcomeOf: (runId: string | null) => FailedStart,
    log: LogLines,
    memoryPeakBytes: number | null,
  ) {
    const outcome = outcomeOf(null);
    super(outcome.error.message);
    this.name = 'StartFailure';
    this.outcome = outcome;
    this.outcomeOf = outcomeOf;
    this.log = log;
    this.memoryPeakBytes = memoryPeakBytes;
  }
}

/** @returns null when the exit of the sandbox has to show it */
export function outcomeOfFailedStart(end: Ending, initTimeoutMs: number): FailedStart | null {
  if (end.how === 'timeout') {
    const message = `the function's code was not loaded within ${initTimeoutMs} ms`;
    return { end: 'timed_out', error: { type: 'Runtime.InitTimeout', message, stack: '' } };
  }
  if (end.how === 'frame') return { end: 'threw', error: readErrorObject(end.body) };
  if (end.how === 'garbage')
    return { end: 'crashed', error: { type: 'Runtime.BadFrame', message: end.message, stack: '' } };
  return null;
}
