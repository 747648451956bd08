// What follows when an attempt of a queued run has ended: its final state, or when it is tried again. Pure.
// The function's faults spend the function's policy; the platform's are tried again apart from it, soon and a
// bounded number of times.
import { RETRIED_FAULTS, type RetryPolicy } from '../functions/function.ts';
import type { RunStatus } from '../runs/run.ts';

export type AttemptEnd = {
  /** What the outcome means: see statusOf. */
  status: RunStatus;
  /** The platform spoiled it: the function isn't to blame. */
  isPlatformFault: boolean;
  /** Before this attempt: those of the function, and the platform's in a row. */
  faults: number;
  platformFaults: number;
};

export type RetryPlan = { next: 'end'; status: RunStatus } | { next: 'retry'; afterMs: number };

type Rule = Exclude<RetryPolicy, { preset: unknown }>;

const MINUTE_S = 60;
const HOUR_S = 3600;

const PRESETS: Record<'none' | 'lambda' | 'webhook', Rule> = {
  none: { delaysS: [], jitter: 0, faults: [] },
  // AWS Lambda, asynchronous invocation: "one minute between the first two attempts, two minutes between the
  // second and third".
  lambda: { delaysS: [MINUTE_S, 2 * MINUTE_S], jitter: 0, faults: [...RETRIED_FAULTS] },
  // Standard Webhooks, "Retries": at once, then after 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 hours, with
  // jitter.
  webhook: {
    delaysS: [
      ...[5, 5 * MINUTE_S, 30 * MINUTE_S, 2 * HOUR_S, 5 * HOUR_S],
      ...[10 * HOUR_S, 14 * HOUR_S, 20 * HOUR_S, 24 * HOUR_S],
    ],
    jitter: 0.2,
    faults: [...RETRIED_FAULTS],
  },
};

/** After platform faults. Beyond the last one the run is dead. */
const PLATFORM_DELAYS_S = [0.2, 1, 2, 4, 8, 16, 30, 60, 60, 60];
const PLATFORM_JITTER = 0.5;

/** @param chance uniformly random in [0, 1) */
export function planRetry(policy: RetryPolicy, end: AttemptEnd, chance: number): RetryPlan {
  if (end.status === 'succeeded' || end.status === 'cancelled') return { next: 'end', status: end.status };
  if (end.isPlatformFault) {
    const delayS = PLATFORM_DELAYS_S[end.platformFaults];
    return delayS === undefined ? DEAD : retryAfter(delayS, PLATFORM_JITTER, chance);
  }
  const { delaysS, jitter, faults } = ruleOf(policy);
  const isRetried = (faults as readonly RunStatus[]).includes(end.status);
  if (!isRetried || delaysS.length === 0) return { next: 'end', status: end.status };
  const delayS = delaysS[end.faults];
  return delayS === undefined ? DEAD : retryAfter(delayS, jitter, chance);
}

const DEAD: RetryPlan = { next: 'end', status: 'dead' };

/** The rule that a policy stands for. */
export function ruleOf(policy: RetryPolicy): Rule {
  return 'preset' in policy ? PRESETS[policy.preset] : policy;
}

/** Jitter leaves the mean as it is. */
function retryAfter(delayS: number, jitter: number, chance: number): RetryPlan {
  return { next: 'retry', afterMs: Math.round(delayS * 1000 * (1 - jitter / 2 + jitter * chance)) };
}
