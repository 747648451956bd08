// `fetch` that tries again: what reads or ends the same when it is done twice as it is, a POST by its
// `Idempotency-Key`, the same in each try, so that Millrace does it once. Called by millrace-client.ts.
import { MillraceError } from './millrace-error.ts';

export type RetryRules = {
  /** Tries altogether; 1: no retry. */
  tries: number;
  fetch(request: Request): Promise<Response>;
  /** @param random from 0 to 1: spreads the retries of many */
  random(): number;
  wait(ms: number, signal: AbortSignal): Promise<void>;
};

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;
/** Too many, and not taken in: nothing was done. */
const NOTHING_DONE = new Set([429, 503]);
/** In front of Millrace, or between the two: what was done isn't known. */
const LOST = new Set([502, 504]);

/** @throws MillraceError `unreachable` after the last try */
export function retryingFetch({ tries, fetch, random, wait }: RetryRules) {
  return async (given: Request): Promise<Response> => {
    const request = withKey(given);
    let wasLost = false;
    for (let attempt = 1; ; attempt += 1) {
      const isLast = attempt >= tries;
      // The body of a request is read once: each try but the last sends a copy.
      const ended = await attemptOnce(fetch, isLast ? request : request.clone());
      // The one whose answer was lost may be going on: its key is in use until it ends.
      const goesOn = wasLost && request.method === 'POST' && ended.status === 409;
      if (isLast || !(goesOn || isWorthAnother(ended))) {
        if (ended instanceof MillraceError) throw ended;
        return ended;
      }
      wasLost ||= isLost(ended);
      const asked = ended instanceof MillraceError ? null : retryAfterMs(ended);
      await wait(asked ?? backoffMs(attempt, random()), request.signal);
    }
  };
}

function withKey(request: Request): Request {
  if (request.method === 'POST' && !request.headers.has('idempotency-key')) {
    request.headers.set('idempotency-key', newKey());
  }
  return request;
}

/** Not `crypto.randomUUID`: browsers have that over HTTPS alone. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function attemptOnce(fetch: RetryRules['fetch'], request: Request): Promise<Response | MillraceError> {
  try {
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    const { cause = error } = error as { cause?: unknown };
    const message = `${new URL(request.url).origin} can't be reached: ${String(cause)}`;
    return new MillraceError(0, { code: 'unreachable', message }, { cause: error });
  }
}

function isWorthAnother(ended: Response | MillraceError): boolean {
  return isLost(ended) || NOTHING_DONE.has(ended.status);
}

function isLost(ended: Response | MillraceError): boolean {
  return ended instanceof MillraceError || LOST.has(ended.status);
}

/** @returns null where the answer doesn't say it, or says more than is waited for */
function retryAfterMs({ headers }: Response): number | null {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 && seconds * 1000 <= LONGEST_WAIT_MS ? seconds * 1000 : null;
}

function backoffMs(attempt: number, random: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)) * (0.5 + random / 2);
}
