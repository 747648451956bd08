// What the end of an attempt, or of the run that received a delivery, means for the delivery. Pure.
import type { EndedRun } from '../runs/run-follower.ts';
import type { DeliverySettlement } from './claim-store.ts';
import type { AttemptEnd, Postponement } from './delivery.ts';
import { nextAttemptAfterMs } from './delivery-retry.ts';
import { failedAttempt, judge, type Reply } from './send-message.ts';

/**
 * @param attempts made so far, this one included
 * @param debug what is noted whatever the end
 * @param chance 0 to 1
 */
export function deliverySettlementOf(
  ended: AttemptEnd | Postponement,
  { attempts, debug, chance }: { attempts: number; debug: string | null; chance: number },
): DeliverySettlement {
  const report = (text: string | null): string | null => [text, debug].filter(Boolean).join('\n') || null;
  if (ended.end === 'delivered')
    return { status: 'delivered', nextAfterMs: null, debug: report(ended.remark) };
  if (ended.end === 'postponed')
    return { status: 'retry', isPostponed: true, nextAfterMs: ended.afterMs, debug: report(ended.reason) };
  const nextAfterMs = nextAttemptAfterMs(ended, attempts, chance);
  const status = nextAfterMs === null ? 'failed' : 'retry';
  return { status, nextAfterMs, debug: report(ended.reason) };
}

/**
 * A function that answers with a status has it judged as any other destination's; one that just returns has
 * taken the event.
 */
export function endOfRun({
  id,
  status,
  error,
  result,
}: Pick<EndedRun, 'id' | 'status' | 'error' | 'result'>): AttemptEnd {
  if (status !== 'succeeded') {
    const why = error === null ? '' : `: ${error.type}: ${error.message}`;
    return failedAttempt(`the run ${id} ended as ${status}${why}`);
  }
  const answer = answerOf(result);
  return answer === null ? { end: 'delivered', remark: null } : judge(answer);
}

/** What the function answered, where it answered as HTTP has it. */
export function replyOfRun(result: string | null): Reply | null {
  return answerOf(result);
}

function answerOf(result: string | null): Parameters<typeof judge>[0] | null {
  const value: unknown = result === null ? null : parse(result);
  if (value === null || typeof value !== 'object' || !('statusCode' in value)) return null;
  const { statusCode, body } = value as { statusCode: unknown; body?: unknown };
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return null;
  return { status, headers: {}, body: typeof body === 'string' ? body : '', isCut: false };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
