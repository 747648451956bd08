// What becomes of an event that could not be routed: tried again later, or set aside. Pure. Called by
// event-router.ts.
import { Failure } from '../errors/failure.ts';

export type RouteVerdict =
  /** @param tries that count: what only waits for room isn't at fault */
  { next: 'again'; afterS: number; tries: number } | { next: 'set_aside'; tries: number; reason: string };

/**
 * How often a defect of ours, or of the event, may come between. With the waits between, some four minutes.
 */
export const MOST_TRIES = 8;
const FIRST_WAIT_S = 2;
/** Until an event is tried again whose account has too much queued. s */
const NO_ROOM_S = 10;

/** @param tries that went wrong before this one */
export function afterRouteFailure(error: unknown, tries: number): RouteVerdict {
  if (error instanceof Failure) {
    if (error.kind.retry) return { next: 'again', afterS: NO_ROOM_S, tries };
    return { next: 'set_aside', tries: tries + 1, reason: error.message };
  }
  const counted = tries + 1;
  if (counted < MOST_TRIES) return { next: 'again', afterS: FIRST_WAIT_S * 2 ** tries, tries: counted };
  return {
    next: 'set_aside',
    tries: counted,
    reason: `it could not be routed in ${MOST_TRIES} tries, for a reason that is in the server's log`,
  };
}
