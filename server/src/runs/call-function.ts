// A function called by one that waits for the result: a door, or a noun (an e-mail template that is compiled,
// a payment that is decided, an assistant's tool). Types; built by gateway/invoke-function.ts.
import type { World } from '../accounts/account.ts';
import type { HttpAnswer } from '../http/http-answer.ts';
import type { Outcome } from '../sandbox/outcome.ts';
import type { RunCause } from './run.ts';
import type { RunAdapter } from './run-adapter.ts';
import type { RunInput } from './run-input.ts';

export type FunctionCall = {
  world: World;
  functionId: string;
  /** Kept, to be shown and replayed: holds no secret of the platform's. */
  input: RunInput;
  cause: RunCause;
  /** Shorter than the function's own limit, where who asks can't wait that long. */
  timeoutMs?: number;
  /** Of the dialect that the address speaks which was called; left out: the function's own. */
  adapter?: RunAdapter;
};

export type CallResult = {
  runId: string;
  /** `returned` only for a result that the dialect accepts. */
  outcome: Outcome;
  /** Of a call over HTTP. */
  answer: HttpAnswer | null;
  /** Resolves when the recorder has the run's end: behind the answer, when its log is whole. */
  handedOver: Promise<void>;
};

/**
 * @throws Failure when no run came about: `not_found`, `function_disabled`, `function_paused`,
 * `too_many_runs`, `unavailable`
 */
export type CallFunction = (call: FunctionCall) => Promise<CallResult>;

/** What a door sends of a call that came over HTTP. */
export function answerOf({ answer, runId }: CallResult): HttpAnswer {
  if (answer === null) throw new Error(`the run ${runId} was not called over HTTP`);
  return answer;
}
