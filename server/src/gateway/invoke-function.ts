// A synchronous call of a function, for whichever dialect received it: resolve the target, admit the run, execute it.
// Who may call, what the event looks like and how the result is answered are the dialect's.
import type { World } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import type { AccountGate } from '../limits/account-gate.ts';
import type { RunExecutor, RunRequest } from '../runs/execute-run.ts';
import { type Functions, resolveTarget } from './resolve-target.ts';

export type Call<Response> = Omit<RunRequest<Response>, 'fn'> & { world: World; functionId: string };

export type InvokeFunction = <Response>(call: Call<Response>) => Promise<Response>;

/** Nobody knows when somebody resumes it. */
const PAUSED_RETRY_AFTER_S = 30;

type Parts = {
  functions: Functions;
  gate: Pick<AccountGate, 'enter' | 'leave'>;
  execute: RunExecutor;
};

/**
 * @returns a function that throws a Failure when no run came about: `not_found`, `function_disabled`, `function_paused`,
 *   `too_many_runs`, `unavailable`
 */
export function functionInvoker({ functions, gate, execute }: Parts): InvokeFunction {
  return async (call) => {
    const fn = await resolveTarget(functions, call);
    if (fn.pausedAt !== null) {
      fail('function_paused', {
        message: `the function ${fn.id} is paused: it takes no calls that wait`,
        facts: { retryAfterS: PAUSED_RETRY_AFTER_S },
      });
    }
    const admitted = await gate.enter(fn.accountId);
    try {
      return await execute({ ...call, fn });
    } finally {
      gate.leave(admitted);
    }
  };
}
