// How many runs, or other things of one kind, an account has waiting, near enough to refuse what is too much:
// counted by the database now and then, and in between grown by what this node accepts. Over all nodes the
// limit holds within a few seconds' worth.

import { fail } from '../errors/failure.ts';
import { NEAR_SHARE, type NearWatch } from '../limits/near-watch.ts';
import { LatelyUsed } from '../memory/lately-used.ts';
import type { Sql } from '../postgres/database.ts';
import { measureQueue } from './enqueue-store.ts';

/** How long a count is believed; one near the limit not so long. ms */
const BELIEVED_MS = 5_000;
const BELIEVED_NEAR_LIMIT_MS = 500;
/** Accounts whose count is kept; the oldest goes. */
const CAPACITY = 10_000;

type Depth = {
  queued: number;
  limit: number;
  measuredAtMs: number;
  /** Runs were counted in since it was measured: what became of their transactions isn't known. */
  isGrown: boolean;
  /** When it was last measured only to refuse nothing that has room. */
  provedAtMs: number;
};

/** What is counted, and how. */
export type Counted = {
  /** As in "the account has 5 runs waiting". */
  what: string;
  /** Counted no further than the limit; its own, where it has one. */
  measure(sql: Sql, accountId: string, usualLimit: number): Promise<{ limit: number | null; queued: number }>;
};

const RUNS: Counted = { what: 'runs waiting', measure: measureQueue };

export class QueueDepth {
  readonly #usualLimit: number;
  readonly #counted: Counted;
  readonly #near: NearWatch | null;
  readonly #clock: () => number;
  readonly #depths = new LatelyUsed<Depth>(CAPACITY);

  /**
   * @param usualLimit of an account that has none of its own
   * @param clock Unix time in ms
   * @param near shown what was counted
   */
  constructor(
    usualLimit: number,
    clock: () => number,
    near: NearWatch | null = null,
    counted: Counted = RUNS,
  ) {
    this.#usualLimit = usualLimit;
    this.#counted = counted;
    this.#near = near;
    this.#clock = clock;
  }

  /**
   * Counts runs in.
   * @throws Failure `too_many_runs`
   */
  async add(sql: Sql, accountId: string, runs: number): Promise<void> {
    let depth = this.#believed(accountId) ?? (await this.#measure(sql, accountId));
    if (depth.queued + runs > depth.limit) depth = await this.#proved(sql, accountId, depth);
    if (depth.queued + runs > depth.limit) {
      this.#show(accountId, depth);
      fail('too_many_runs', {
        message: `the account has ${depth.queued} ${this.#counted.what}, its limit is ${depth.limit}`,
        facts: { queuedRuns: depth.queued, limit: depth.limit },
      });
    }
    depth.queued += runs;
    depth.isGrown = true;
  }

  /**
   * Nobody is refused for runs that were counted in and undone: an event that wasn't as foreseen is counted
   * twice. Only now and then, because a caller that is refused may ask again at once.
   */
  async #proved(sql: Sql, accountId: string, depth: Depth): Promise<Depth> {
    const provedAtMs = this.#clock();
    if (!depth.isGrown || provedAtMs - depth.provedAtMs < BELIEVED_NEAR_LIMIT_MS) return depth;
    return Object.assign(await this.#measure(sql, accountId), { provedAtMs });
  }

  #believed(accountId: string): Depth | null {
    const depth = this.#depths.peek(accountId);
    if (depth === undefined) return null;
    const isNear = depth.queued >= depth.limit * NEAR_SHARE;
    const ageMs = this.#clock() - depth.measuredAtMs;
    return ageMs < (isNear ? BELIEVED_NEAR_LIMIT_MS : BELIEVED_MS) ? depth : null;
  }

  #show(accountId: string, { queued: used, limit: allowed }: Depth): void {
    this.#near?.see(accountId, { limit: 'queued_runs', allowed, used });
  }

  async #measure(sql: Sql, accountId: string): Promise<Depth> {
    const measuredAtMs = this.#clock();
    const measured = await this.#counted.measure(sql, accountId, this.#usualLimit);
    const depth: Depth = {
      ...{ queued: measured.queued, limit: measured.limit ?? this.#usualLimit, measuredAtMs },
      ...{ isGrown: false, provedAtMs: this.#depths.peek(accountId)?.provedAtMs ?? Number.NEGATIVE_INFINITY },
    };
    this.#show(accountId, depth);
    this.#depths.set(accountId, depth);
    return depth;
  }
}
