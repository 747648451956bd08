// When a delivery that failed is tried again: on the schedule of Standard Webhooks (queue/retry-plan.ts),
// later where the destination asks for it. Pure.
import { planRetry } from '../queue/retry-plan.ts';
import type { AttemptEnd } from './delivery.ts';

/** A destination can't put us off for longer. */
const MOST_ASKED_MS = 24 * 3_600_000;

/**
 * @param attempts made so far, the failed one included
 * @param chance uniformly random in [0, 1)
 * @returns how long until the next attempt; null: there is none
 */
export function nextAttemptAfterMs(
  failed: Extract<AttemptEnd, { end: 'failed' }>,
  attempts: number,
  chance: number,
): number | null {
  if (failed.isFinal) return null;
  const fault = {
    status: 'failed',
    isPlatformFault: false,
    faults: attempts - 1,
    platformFaults: 0,
  } as const;
  const plan = planRetry({ preset: 'webhook' }, fault, chance);
  if (plan.next === 'end') return null;
  return Math.max(plan.afterMs, Math.min(failed.retryAfterMs ?? 0, MOST_ASKED_MS));
}
