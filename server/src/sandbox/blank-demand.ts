// Which blank sandboxes are worth keeping: those of the kinds that were asked for lately. Pure. Called by
// blank-stock.ts.
import { isDeepStrictEqual } from 'node:util';
import type { SandboxSpec } from './sandbox-driver.ts';

/**
 * All that is fixed before the function is known: engine and limits. A blank sandbox serves its own class
 * alone.
 */
export type BlankClass = Pick<SandboxSpec, 'engine' | 'reuse' | 'limits'>;

/** A class and when a sandbox of it was last asked for, as Unix time in ms. */
export type Demand = { class: BlankClass; lastUsedAt: number };

/** A class that nobody asked for during this time gets no blank sandbox. */
const FORGOTTEN_AFTER_MS = 10 * 60_000;

export function classOf(spec: SandboxSpec): BlankClass {
  const { engine, reuse, limits } = spec;
  return reuse === undefined ? { engine, limits } : { engine, reuse, limits };
}

export function isSameClass(one: BlankClass, other: BlankClass): boolean {
  return isDeepStrictEqual(one, other);
}

/** @returns the demands after one more, the latest first and the forgotten left out */
export function withDemand(demands: readonly Demand[], next: Demand): Demand[] {
  const others = demands.filter((demand) => !isSameClass(demand.class, next.class));
  return [next, ...recentDemands(others, next.lastUsedAt)];
}

export function recentDemands(demands: readonly Demand[], now: number): Demand[] {
  return demands.filter((demand) => now - demand.lastUsedAt < FORGOTTEN_AFTER_MS);
}

/** What bounds the stock. */
export type BlankLimits = {
  /** Most blanks at once; 0: none. */
  most: number;
  /** Memory that they may hold together. MiB */
  budgetMb: number;
};

/** One that waits, and what it holds. */
export type WaitingBlank = { class: BlankClass; heldMb: number };

/** What to do next: whom to end, and of which class to start one; null when there are enough. */
export type BlankPlan<B> = { end: B[]; start: BlankClass | null };

/**
 * @param demands the latest first
 * @param waiting the oldest first
 * @param limits and `startMb`, what one more is taken to hold
 */
export function planBlanks<B extends WaitingBlank>(
  demands: readonly Demand[],
  waiting: readonly B[],
  limits: BlankLimits & { startMb: number },
): BlankPlan<B> {
  const shares = wantedBlanks(demands, limits.most);
  const waitingOf = (kind: BlankClass): B[] => waiting.filter((blank) => isSameClass(blank.class, kind));
  const kept: B[] = [];
  let heldMb = 0;
  for (const blank of shares.flatMap((share) => waitingOf(share.class).slice(0, share.count))) {
    if (heldMb + blank.heldMb > limits.budgetMb) continue;
    heldMb += blank.heldMb;
    kept.push(blank);
  }
  const missing = shares.find((share) => waitingOf(share.class).length < share.count);
  const hasRoom = heldMb + limits.startMb <= limits.budgetMb;
  return {
    end: waiting.filter((blank) => !kept.includes(blank)),
    start: hasRoom ? (missing?.class ?? null) : null,
  };
}

/**
 * Shares the places out among the classes, the latest first: one each, then a second one each, and so on.
 * @param demands the latest first
 * @param most how many there may be altogether
 */
function wantedBlanks(demands: readonly Demand[], most: number): { class: BlankClass; count: number }[] {
  const served = demands.slice(0, most);
  return served.map((demand, index) => ({
    class: demand.class,
    count: Math.floor(most / served.length) + (index < most % served.length ? 1 : 0),
  }));
}
