// How many runs a worker may claim now: in all, of each function, of each account. Pure. A quarter of
// everything is left: of a function's instances and an account's runs to synchronous calls, of the worker's
// own places to other accounts. A function with `concurrency` has as many times the room: the claim knows it
// (queue/claim-store.ts). Of a function whose runs are short a few more are claimed than can run at once, so
// that none waits for the database.
import type { ClaimRoom } from '../queue/claim-store.ts';

export type RoomLimits = { workerRuns: number; instancesPerFunction: number; runsPerAccount: number };

export type InHand = {
  /** Claimed and not ended, by function. */
  functions: ReadonlyMap<string, number>;
  accounts: ReadonlyMap<string, number>;
  total: number;
  /** Runs of each account that go on in this process, synchronous ones included. */
  going: ReadonlyMap<string, number>;
  /** Of accounts near a limit of theirs: how many more are worth claiming. */
  worth: ReadonlyMap<string, number>;
  /** How long a run of a function takes on average; undefined: unknown. ms */
  meanMs: Pick<ReadonlyMap<string, number>, 'get'>;
};

const SHARE = 0.75;
/** Runs shorter than this are claimed ahead, so many of them. */
const SHORT_MS = 20;
const AHEAD_RUNS = 24;

export function claimRoom(limits: RoomLimits, inHand: InHand): Omit<ClaimRoom, 'node' | 'after'> {
  const ofFunction = shareOf(limits.instancesPerFunction);
  const ofAccount = shareOf(Math.min(limits.workerRuns, limits.runsPerAccount));
  const functions: Record<string, number> = {};
  for (const [id, count] of inHand.functions) {
    const ahead = (inHand.meanMs.get(id) ?? SHORT_MS) < SHORT_MS ? AHEAD_RUNS : 0;
    functions[id] = ofFunction + ahead - count;
  }
  const accounts: Record<string, number> = {};
  for (const [id, count] of inHand.accounts) accounts[id] = Math.max(0, ofAccount - count);
  for (const [id, going] of inHand.going) {
    accounts[id] = Math.max(0, Math.min(accounts[id] ?? ofAccount, limits.runsPerAccount - going));
  }
  for (const [id, worth] of inHand.worth) accounts[id] = Math.min(accounts[id] ?? ofAccount, worth);
  const runs = Math.max(0, limits.workerRuns - inHand.total);
  return { runs, ofFunction, ofAccount, functions, accounts };
}

function shareOf(count: number): number {
  return Math.max(1, Math.floor(count * SHARE));
}
