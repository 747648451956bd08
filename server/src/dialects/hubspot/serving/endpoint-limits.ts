// What an account may still take of this minute, and the refusal when it is nothing. Pure but for the
// counting, which is site-budget.ts. Called by the door, once before a call is let in and once when its
// context is made.
import { fail } from '../../../errors/failure.ts';
import type { ContextLimits } from './endpoint-context.ts';
import type { BudgetState, SiteBudget } from './site-budget.ts';

export type EndpointLimits = {
  budget: SiteBudget;
  /** Of an account in a minute. */
  executionSecondsPerMinute: number;
  /** Of one call: what `executionsRemaining` is counted in. */
  timeoutMs: number;
};

export function budgetOf(limits: EndpointLimits, accountId: string, nowMs: number): BudgetState {
  return limits.budget.state(accountId, limits.executionSecondsPerMinute * 1000, nowMs);
}

/** `executionsRemaining`: how many calls would fit that take as long as they may; 60 of a whole minute. */
export function contextLimits({ remainingMs }: BudgetState, timeoutMs: number): ContextLimits {
  return { timeRemaining: remainingMs, executionsRemaining: Math.floor(remainingMs / timeoutMs) };
}

/** @throws Failure `too_many_requests` that says when the next minute begins */
export function requireBudget(limits: EndpointLimits, accountId: string, nowMs: number): void {
  const state = budgetOf(limits, accountId, nowMs);
  if (state.remainingMs > 0) return;
  const seconds = limits.executionSecondsPerMinute;
  fail('too_many_requests', {
    message: `the account has used its ${seconds} execution seconds of this minute; the next begins at ${new Date(state.resetAtMs).toISOString()}`,
    facts: {
      policyName: 'EXECUTION_SECONDS',
      limitSecondsPerMinute: seconds,
      timeRemaining: 0,
      executionsRemaining: 0,
      resetAt: new Date(state.resetAtMs).toISOString(),
      retryAfterS: Math.max(1, Math.ceil((state.resetAtMs - nowMs) / 1000)),
    },
  });
}
