// Decides how a run ends: its status and error of the outcome and of what the dialect says about the result,
// and what a caller is answered. Pure. Called by what executes runs: execute-run.ts and the worker.
import type { HttpAnswer } from '../http/http-answer.ts';
import type { Outcome, RunError } from '../sandbox/outcome.ts';
import { functionAnswer } from './function-answer.ts';
import { type RunStatus, statusOf } from './run.ts';
import type { ResultFacts, RunAdapter } from './run-adapter.ts';

export type Conclusion = {
  status: RunStatus;
  error: RunError | null;
  /** As the caller gets it: a result that the dialect refuses is an error. */
  outcome: Outcome;
  /** null where no caller over HTTP waits. */
  answer: HttpAnswer | null;
};

/** @throws what the dialect does of a result that it can't read */
export function concludeRun(
  adapter: Pick<RunAdapter, 'read'>,
  outcome: Outcome,
  facts: ResultFacts,
): Conclusion {
  const { fault, answer } = adapter.read(outcome, facts);
  const judged: Outcome = fault === null ? outcome : { end: 'threw', error: fault };
  return {
    status: statusOf(judged),
    error: judged.end === 'returned' ? null : judged.error,
    outcome: judged,
    answer: facts.reader === 'http_caller' ? (answer ?? functionAnswer(judged, facts.runId)) : null,
  };
}
