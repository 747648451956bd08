// What is said of the end of a run that others shared its instance with: a process that ends takes all of
// them along, and whose code ended it can be known or not. Pure; called by instance.ts.

import type { SandboxExit } from '../../../contract/sandbox.ts';
import { exitError, type Outcome } from './outcome.ts';

export type Fellows = {
  /** Runs that ended in the same moment and for the same reason. */
  others: number;
  /** The run whose code ended the process; null: that can't be known. */
  causeRunId: string | null;
};

export const NO_FELLOWS: Fellows = { others: 0, causeRunId: null };

/** @returns the outcome of a sandbox's end, as this one of its runs has to get it */
export function outcomeAmongFellows(
  outcome: Outcome,
  { others, causeRunId }: Fellows,
  run: { runId: string; exit: SandboxExit | null },
): Outcome {
  if (others === 0 || outcome.end === 'returned' || outcome.end === 'platform_fault') return outcome;
  const isOthers = outcome.end === 'crashed' && causeRunId !== null && causeRunId !== run.runId;
  if (isOthers && run.exit !== null) {
    const { message } = exitError(causeRunId, run.exit);
    const error = { type: 'Runtime.SharedExit', stack: '' };
    return {
      end: 'crashed',
      error: {
        ...error,
        message: `RequestId: ${run.runId} Error: another run ended the instance that both were in: ${message}`,
      },
    };
  }
  const { error } = outcome;
  return {
    ...outcome,
    error: { ...error, message: `${error.message} ${note(others, causeRunId === run.runId)}` },
  };
}

function note(others: number, isCause: boolean): string {
  const runs = others === 1 ? '1 other run' : `${others} other runs`;
  if (isCause) return `(${runs} in the same instance ended with it)`;
  return `(${runs} in the same instance ended with it: which of them caused it is unknown)`;
}
