// Calls a function for one that waits, a door or a noun: resolves the target, admits the run, executes it.
// Who may call and what is kept of the call are the caller's; what the event looks like and what an outcome
// means, the dialect's adapter says.
import { fail } from '../errors/failure.ts';
import type { AccountGate } from '../limits/account-gate.ts';
import type { CallFunction } from '../runs/call-function.ts';
import type { RunExecutor } from '../runs/execute-run.ts';
import { type Functions, resolveTarget } from './resolve-target.ts';

/** It is not known when it is resumed. */
const PAUSED_RETRY_AFTER_S = 30;

type Parts = {
  functions: Functions;
  gate: Pick<AccountGate, 'enter' | 'leave'>;
  execute: RunExecutor;
};

export function functionInvoker({ functions, gate, execute }: Parts): CallFunction {
  return async (call) => {
    const found = resolveTarget(functions, call);
    const fn = found instanceof Promise ? await found : found;
    if (fn.pausedAt !== null) {
      fail('function_paused', {
        message: `the function ${fn.id} is paused: it takes no calls that wait`,
        facts: { retryAfterS: PAUSED_RETRY_AFTER_S },
      });
    }
    const entering = gate.enter(fn.accountId);
    const admitted = entering instanceof Promise ? await entering : entering;
    try {
      return await execute(fn, call);
    } finally {
      gate.leave(admitted);
    }
  };
}
