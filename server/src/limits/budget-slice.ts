// How much of an account's minute a node takes ahead of need, and how much it keeps. Pure.
//
// A node's first slice is small; each further one that is soon used up is twice as large. What lies idle on
// all nodes together stays under 5 % of the budget, because every node gives back what is more than its part
// of that and than it needs in two seconds.

/** Share of a budget that all nodes together may hold without using it. */
const IDLE_SHARE = 0.05;
/** Of the largest slices of all nodes together. */
const SLICE_SHARE = 0.1;
/** A slice that lasted no longer was too small. ms */
const SHORT_MS = 1_000;
const KEPT_FOR_S = 2;

export type SliceFacts = {
  /** What the account has in a minute. */
  budget: number;
  /** That share budgets. */
  nodes: number;
  /** The one before; 0: there was none in this minute. */
  lastSlice: number;
  lastedMs: number;
};

export function nextSlice({ budget, nodes, lastSlice, lastedMs }: SliceFacts): number {
  const least = Math.max(1, Math.floor((budget * IDLE_SHARE) / nodes));
  const most = Math.max(1, Math.floor((budget * SLICE_SHARE) / nodes));
  const wanted = lastSlice === 0 ? least : lastedMs < SHORT_MS ? lastSlice * 2 : lastSlice;
  return Math.min(Math.max(wanted, Math.min(least, most)), most);
}

/** @returns what of an idle rest is to be given back; 0: nothing */
export function excess(rest: number, usedInLastSecond: number, { budget, nodes }: SliceFacts): number {
  const kept = Math.max(Math.floor((budget * IDLE_SHARE) / nodes), usedInLastSecond * KEPT_FOR_S);
  return Math.max(0, Math.floor(rest - kept));
}
