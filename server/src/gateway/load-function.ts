// Loads a function's code without calling it: says whether a call would find code that can be called. The
// instance stays for the next call. Counts as a run for the account's limits while it lasts, and is none:
// nothing is recorded.
import type { World } from '../accounts/account.ts';
import type { AccountGate } from '../limits/account-gate.ts';
import type { AttemptParts } from '../runs/attempt-run.ts';
import type { RunError } from '../sandbox/outcome.ts';
import { StartFailure } from '../sandbox/start-failure.ts';
import { type Functions, resolveTarget } from './resolve-target.ts';

/** `engine`: what it runs on, e.g. `node v20.20.2`. */
export type Loading = { kind: 'loaded'; engine: string } | { kind: 'failed'; error: RunError };

/** @throws Failure `not_found`, `function_disabled`, `too_many_runs`, `unavailable` */
export type LoadFunction = (world: World, functionId: string) => Promise<Loading>;

type Parts = {
  functions: Functions;
  gate: Pick<AccountGate, 'enter' | 'leave'>;
  attempts: Pick<AttemptParts, 'pool' | 'targetOf'>;
};

export function createFunctionLoader({ functions, gate, attempts }: Parts): LoadFunction {
  return async (world, functionId) => {
    const fn = await resolveTarget(functions, { world, functionId });
    const admitted = await gate.enter(fn.accountId);
    try {
      const lease = await attempts.pool.acquire(attempts.targetOf(fn));
      const { engine, fault } = lease.instance;
      attempts.pool.release(lease);
      return fault === null ? { kind: 'loaded', engine } : { kind: 'failed', error: fault };
    } catch (error) {
      if (!(error instanceof StartFailure)) throw error;
      return { kind: 'failed', error: error.outcome.error };
    } finally {
      gate.leave(admitted);
    }
  };
}
