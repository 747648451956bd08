// When a mail that a server didn't take for now is tried again: five times as long after each failure, for
// about a day in all. Pure.

const MOST_RETRIES = 6;
const LONGEST_WAIT_MS = 36_000_000;

/** @param attempts those made before this one @returns ms; null: no more */
export function againAfterMs(firstRetryMs: number, attempts: number): number | null {
  return attempts >= MOST_RETRIES ? null : Math.min(LONGEST_WAIT_MS, firstRetryMs * 5 ** attempts);
}
