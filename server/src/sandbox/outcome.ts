// How a run can end, and whose fault that is. Pure; the words are the run's life long.

import type { SecretMask } from '../logs/secret-mask.ts';

/**
 * What a function's error looks like in a run. `stack`: lines joined by newlines, empty when there is none.
 */
export type RunError = { type: string; message: string; stack: string };

/**
 * `returned` and `threw` are the function's own words. `timed_out`, `out_of_memory`, `crashed` and
 * `too_large` are what happened to it. It was asked to end: `cancelled`. Only `platform_fault` is ours.
 */
export type Outcome =
  | { end: 'returned' /** JSON text, UTF-8 */; result: Buffer }
  | {
      end: 'threw' | 'timed_out' | 'out_of_memory' | 'crashed' | 'too_large' | 'cancelled' | 'platform_fault';
      error: RunError;
    };

export const CANCELLED: Outcome = {
  end: 'cancelled',
  error: { type: 'Platform.Cancelled', message: 'the run was cancelled', stack: '' },
};

/** Without the function's secrets in its words. A result is the caller's and stays as it is. */
export function maskedOutcome<O extends Outcome>(mask: SecretMask | null, outcome: O): O {
  if (mask === null || outcome.end === 'returned') return outcome;
  const { type, message, stack } = outcome.error;
  return { ...outcome, error: { type, message: mask.text(message), stack: mask.text(stack) } };
}

/**
 * What the runtime says of an error (docs/specs/lambda.md section 4); anything may be missing, strangers
 * wrote it.
 */
type ErrorObject = { errorType?: unknown; errorMessage?: unknown; trace?: unknown; stackTrace?: unknown };

/** @param json the body of an ERROR or INIT_ERROR frame */
export function readErrorObject(json: Buffer): RunError {
  let value: ErrorObject;
  try {
    value = JSON.parse(json.toString()) as ErrorObject;
  } catch {
    return { type: 'Runtime.Unknown', message: 'the runtime reported an error that is not JSON', stack: '' };
  }
  // Node's client calls it `trace`, all others `stackTrace`; Python's entries have several lines and end with
  // one's end.
  const told = value?.trace ?? value?.stackTrace;
  const trace = Array.isArray(told) ? told.filter((line) => typeof line === 'string') : [];
  return {
    type: typeof value?.errorType === 'string' ? value.errorType : 'Runtime.Unknown',
    message: typeof value?.errorMessage === 'string' ? value.errorMessage : '',
    stack: trace.map((entry) => entry.replace(/\n$/, '')).join('\n'),
  };
}

/**
 * The words for a time limit (docs/specs/lambda.md 1.4): `<ISO time> <request id> Task timed out after N.NN
 * seconds`.
 */
export function timeoutError(runId: string, timeoutMs: number, nowMs: number): RunError {
  const seconds = (timeoutMs / 1000).toFixed(2);
  return {
    type: 'Sandbox.Timedout',
    message: `${new Date(nowMs).toISOString()} ${runId} Task timed out after ${seconds} seconds`,
    stack: '',
  };
}

/** The words for a runtime that ended by itself (docs/specs/lambda.md 1.5). */
export function exitError(
  runId: string | null,
  exit: { code: number | null; signal: string | null },
): RunError {
  const how =
    exit.signal !== null
      ? `Runtime exited with error: signal: ${signalWord(exit.signal)}`
      : exit.code === 0
        ? 'Runtime exited without providing a reason'
        : `Runtime exited with error: exit status ${exit.code}`;
  return { type: 'Runtime.ExitError', message: `${ofRun(runId)}${how}`, stack: '' };
}

export function memoryError(runId: string | null, memoryMb: number): RunError {
  const message = `${ofRun(runId)}the function used more than its ${memoryMb} MB of memory`;
  return { type: 'Runtime.OutOfMemory', message, stack: '' };
}

/** @param runId null: code was loaded for no run */
function ofRun(runId: string | null): string {
  return runId === null ? '' : `RequestId: ${runId} Error: `;
}

function signalWord(signal: string): string {
  const words: Record<string, string> = {
    SIGKILL: 'killed',
    SIGSEGV: 'segmentation fault',
    SIGABRT: 'aborted',
  };
  return words[signal] ?? signal;
}
