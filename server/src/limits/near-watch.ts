// Notices that an account is near a limit that is of no minute (runs that go on, runs that wait), and says so
// once in a while: from four fifths on. Counts nothing itself: its callers count and show it what they see.
// Over all nodes the store decides which one reports.
import { LatelyUsed } from '../memory/lately-used.ts';

export type StandingLimit = 'concurrent_runs' | 'queued_runs';
export type StandingUse = { limit: StandingLimit; allowed: number; used: number };

export type NearWatch = {
  /** Costs next to nothing where nothing is near. */
  see(accountId: string, use: StandingUse): void;
};

/** Share of a limit from which on it is near. */
export const NEAR_SHARE = 0.8;
/** How often it is said of one limit at most. ms */
export const SAY_EVERY_MS = 600_000;
/** Accounts whose last word is kept; the oldest goes. */
const CAPACITY = 10_000;

/** @param clock Unix time in ms */
export function createNearWatch(
  report: (accountId: string, use: StandingUse) => void,
  clock: () => number,
): NearWatch {
  const saidAtMs = new LatelyUsed<number>(CAPACITY);
  return {
    see(accountId, use) {
      if (use.used < use.allowed * NEAR_SHARE) return;
      const key = `${accountId} ${use.limit}`;
      const nowMs = clock();
      if (nowMs - (saidAtMs.peek(key) ?? Number.NEGATIVE_INFINITY) < SAY_EVERY_MS) return;
      saidAtMs.set(key, nowMs);
      report(accountId, { ...use, used: Math.min(use.used, use.allowed) });
    },
  };
}
