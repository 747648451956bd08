// Reports to other nodes what the web sites' functions of accounts have used of their minute here, and learns
// what they have used there: once a second, of accounts that are asked about. So the sum holds over all nodes
// but for what they use in a second. A background service with a timer of its own, not startRounds: what is
// asked for in between goes behind the exchange in hand.
import type { Logger } from 'pino';
import type { Slice, SliceRequest } from '../../../limits/budget-store.ts';
import { type NearUse, nearUse } from '../../../limits/near-use.ts';
import type { SiteBudget } from './site-budget.ts';

export type SharedUseParts = {
  budget: Pick<SiteBudget, 'asked' | 'learn'>;
  /** What an account has in a minute. */
  budgetMs: number;
  take(wanted: SliceRequest): Promise<Slice>;
  onNear(accountId: string, use: NearUse): void;
  /** Unix time in ms. */
  clock(): number;
  log: Logger;
};

export type SharedUse = {
  /** Reports and learns now. */
  exchange(): Promise<void>;
  stop(): Promise<unknown>;
};

type Told = { windowStartMs: number; toldMs: number };

const EVERY_MS = 1_000;
/** The budget's name among those that nodes share. */
const KIND = 'site_ms';
/** As accounts know it. */
const LIMIT = 'site_execution_seconds_per_minute';

export function shareUse(parts: SharedUseParts): SharedUse {
  let told = new Map<string, Told>();
  let exchanging: Promise<void> = Promise.resolve();
  const exchangeAll = async (): Promise<void> => {
    const now = new Map<string, Told>();
    for (const use of parts.budget.asked(parts.clock())) {
      const before = told.get(use.accountId);
      const toldMs = before?.windowStartMs === use.windowStartMs ? before.toldMs : 0;
      now.set(use.accountId, await exchangeOne(parts, use, toldMs));
    }
    for (const [accountId, one] of told) {
      if (!now.has(accountId) && parts.clock() - one.windowStartMs < 60_000) now.set(accountId, one);
    }
    told = now;
  };
  const exchange = (): Promise<void> => {
    exchanging = exchanging.then(exchangeAll).catch((error: unknown) => {
      parts.log.warn({ err: error }, 'what sites have used of their minute could not be shared');
    });
    return exchanging;
  };
  const timer = setInterval(() => void exchange(), EVERY_MS);
  return {
    exchange,
    stop: () => {
      clearInterval(timer);
      return exchanging;
    },
  };
}

type Use = { accountId: string; windowStartMs: number; usedMs: number };

/** @param toldMs what other nodes know of this one's use in this minute */
async function exchangeOne(parts: SharedUseParts, use: Use, toldMs: number): Promise<Told> {
  const { accountId, windowStartMs, usedMs } = use;
  const settled = Math.round(usedMs - toldMs);
  const { minuteMs, granted, isNear } = await parts.take({
    ...{ accountId, kind: KIND, budget: parts.budgetMs, wanted: 0, least: 0 },
    ...{ settled, settledMinuteMs: windowStartMs },
  });
  if (isNear) parts.onNear(accountId, nearUse(LIMIT, { budget: parts.budgetMs, granted }, 1_000));
  // Around the turn of a minute two clocks may differ: what they don't agree on isn't counted.
  if (minuteMs !== windowStartMs) return { windowStartMs, toldMs };
  parts.budget.learn(accountId, windowStartMs, Math.max(0, granted - toldMs - settled));
  return { windowStartMs, toldMs: toldMs + settled };
}
