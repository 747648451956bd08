// When a function gets another instance: how long a run has to wait for a place, as far as that can be
// foretold, and how long it may; and whether one should stand by before anybody waits. Pure but for the
// average that it keeps. Called by the pool.
import { availableParallelism } from 'node:os';
import type { Reuse } from '../../../contract/sandbox.ts';

/** How long a run may have to wait for a busy instance before another is started: short runs share. ms */
const TOLERABLE_WAIT_MS = 20;
/**
 * The same as long as there are few instances: on two cores eight carry half again as many short runs as one.
 * ms
 */
const EASY_WAIT_MS = 1;
const EASY_INSTANCES = availableParallelism() * 4;
/**
 * The same where every run is a fork: a template costs half a second to load, and its next child is soon
 * ready. ms
 */
const TOLERABLE_FORK_WAIT_MS = 60;
/**
 * The same as long as there are fewer templates than cores: one makes its next child while another runs. ms
 */
const EASY_FORK_WAIT_MS = 3;
const EASY_TEMPLATES = availableParallelism();
/** Weight of the newest run in the average that the wait is foretold from. */
const NEWEST_WEIGHT = 0.1;
/** Runs that must have ended before the average is believed. */
const MEASURED_RUNS = 50;

/** What is known of how a function's runs come and go. Moments are of {@link performance.now}. */
export type Pace = {
  /** Running average of how long a run keeps its place; null before the first has ended. ms */
  runMs: number | null;
  /** Runs that the average is made of: the first ones, before code is warm, foretell nothing. */
  runs: number;
  /** When a place last came free. */
  lastFreeAt: number;
  /** When there were last more runs than one instance has places. */
  crowdedAt: number;
};

/** All that the decision needs of a function's instances. */
export type PoolLoad = {
  reuse: Reuse;
  places: number;
  waiting: number;
  members: number;
  starting: number;
  pace: Pace;
};

export function newPace(now: number): Pace {
  return { runMs: null, runs: 0, lastFreeAt: now, crowdedAt: Number.NEGATIVE_INFINITY };
}

/** A run has kept its place since `since`. */
export function noteRun(pace: Pace, since: number, now: number): void {
  const runMs = now - since;
  pace.lastFreeAt = now;
  pace.runs += 1;
  pace.runMs = pace.runMs === null ? runMs : pace.runMs + (runMs - pace.runMs) * NEWEST_WEIGHT;
}

/** How long the last in the queue will wait, as far as it can be known; without an instance, for ever. ms */
export function expectedWaitMs({ pace, members, starting, waiting, places }: PoolLoad): number {
  if (members + starting === 0) return Number.POSITIVE_INFINITY;
  if (pace.runMs === null || pace.runs < MEASURED_RUNS || members === 0) return 0;
  return (pace.runMs * waiting) / (members * places);
}

export function tolerableWaitMs({ reuse, members, starting }: PoolLoad): number {
  if (reuse === 'none')
    return members + starting < EASY_TEMPLATES ? EASY_FORK_WAIT_MS : TOLERABLE_FORK_WAIT_MS;
  return members + starting < EASY_INSTANCES ? EASY_WAIT_MS : TOLERABLE_WAIT_MS;
}

/**
 * Whether those who wait would wait too long for the instances that there are. @param now of {@link
 * performance.now}
 */
export function hasToGrow(load: PoolLoad, now: number): boolean {
  const tolerableMs = tolerableWaitMs(load);
  return expectedWaitMs(load) > tolerableMs || now - load.pace.lastFreeAt >= tolerableMs;
}

/**
 * Whether to start an instance that nobody waits for yet, now that the last place is taken of a function
 * whose runs overlap: where they are so long that the next one would wait longer than it may.
 */
export function wantsOneInStock(load: PoolLoad): boolean {
  const { reuse, starting, pace, members, places } = load;
  if (reuse === 'none' || starting > 0 || pace.runMs === null) return false;
  return pace.runMs / (members * places) > tolerableWaitMs(load);
}
