// A function called by a noun that waits for its result and speaks no HTTP: an e-mail template that is compiled, a payment that is
// decided, an assistant's tool. The dialect's adapter makes the event. Types; built by functionCaller.
import type { World } from '../accounts/account.ts';
import type { RunCause } from '../runs/run.ts';
import type { RunInput } from '../runs/run-input.ts';
import type { Outcome } from '../sandbox/outcome.ts';

export type FunctionCall = {
  world: World;
  functionId: string;
  input: RunInput;
  cause: RunCause;
  /** Shorter than the function's own limit, where who asks can't wait that long. */
  timeoutMs?: number;
};

/** `outcome` is `returned` only for a result that the dialect accepts. */
export type CallResult = { runId: string; outcome: Outcome };

/** @throws Failure when no run came about: see {@link InvokeFunction} */
export type CallFunction = (call: FunctionCall) => Promise<CallResult>;
