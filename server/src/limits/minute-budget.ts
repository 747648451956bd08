// One budget of accounts that all nodes share (runs begun, time of runs), as this node has it: slices of the
// minute, taken ahead of need and given back when they lie idle, so that hardly a run waits for the database.
// Together the nodes never take more than there is.
//
//   nothing --first use--> some --used up--> asked --a slice--> some ... --nothing left--> refused until it is worth asking again
//
// Where the database can't be asked, runs are let in: a limit must not be what ends the service.
import type { Logger } from 'pino';
import { excess, nextSlice, type SliceFacts } from './budget-slice.ts';
import type { BudgetKind, Slice, SliceRequest } from './budget-store.ts';
import { type NearUse, nearUse } from './near-use.ts';

export type MinuteBudgetParts = {
  kind: BudgetKind;
  /** Asks the database. */
  take(wanted: SliceRequest): Promise<Slice>;
  /** That share budgets, this one included. */
  nodes(): number;
  /** Called with accounts that have used most of a budget, once a minute. */
  onNear(accountId: string, use: NearUse): void;
  /** Unix time in ms. */
  clock(): number;
  log: Logger;
};

/** As accounts know it, and how much of the budget is one of its unit. */
const LIMIT_OF: Record<BudgetKind, readonly [limit: string, perUnit: number]> = {
  runs: ['runs_per_minute', 1],
  execution_ms: ['execution_seconds_per_minute', 1_000],
};

type Lease = {
  budget: number;
  /** null: nothing was taken yet. */
  minuteMs: number | null;
  /** By this node's clock. */
  endsAtMs: number;
  left: number;
  lastSlice: number;
  askedAtMs: number;
  usedSinceTick: number;
  /** Nothing was left: until then it isn't asked for. */
  emptyUntilMs: number;
  asking: Promise<void> | null;
};

/** Both are called in one go, so that nobody else takes the same. */
export type Taking = {
  /** What must be there. */
  needed(): number;
  take(): void;
};

/** Others may give back what they don't use: after so long it is worth asking. ms */
const ASK_AGAIN_MS = 1_000;

export class MinuteBudget {
  readonly #parts: MinuteBudgetParts;
  readonly #leases = new Map<string, Lease>();

  constructor(parts: MinuteBudgetParts) {
    this.#parts = parts;
  }

  /** @returns whether there is so much, and was taken; a promise where the database has to be asked */
  acquire(accountId: string, budget: number, taking: Taking): boolean | Promise<boolean> {
    const lease = this.#lease(accountId, budget);
    const nowMs = this.#parts.clock();
    const needed = taking.needed();
    if (lease.left >= needed) {
      taking.take();
      const isLow = lease.left - needed < lease.lastSlice / 2;
      if (isLow && nowMs >= lease.emptyUntilMs) void this.#ask(accountId, lease, 0);
      return true;
    }
    if (nowMs < lease.emptyUntilMs) return false;
    return this.#ask(accountId, lease, needed).then(() => {
      // It may have been used up by others who waited: then one asks again, until nothing is left.
      return this.acquire(accountId, budget, taking);
    });
  }

  /** Uses so much, whether it is there or not: what is too much is made good from the next slice. */
  use(accountId: string, amount: number): void {
    const lease = this.#leases.get(accountId);
    if (lease === undefined) return;
    lease.left -= amount;
    lease.usedSinceTick += amount;
  }

  /** The account has another budget now: it is asked for anew. */
  forget(accountId: string): void {
    this.#leases.delete(accountId);
  }

  forgetAll(): void {
    this.#leases.clear();
  }

  /** Until there may be room again. ms */
  waitMs(accountId: string): number {
    const lease = this.#leases.get(accountId);
    return lease === undefined ? 0 : Math.max(0, lease.endsAtMs - this.#parts.clock());
  }

  /** Accounts that have nothing left, with how much is worth trying: 1 once it is time to ask again. */
  *scarce(): Iterable<[accountId: string, worth: number]> {
    const nowMs = this.#parts.clock();
    for (const [accountId, { emptyUntilMs, endsAtMs }] of this.#leases) {
      if (emptyUntilMs > 0 && nowMs < endsAtMs) yield [accountId, nowMs < emptyUntilMs ? 0 : 1];
    }
  }

  /** To be called every second: gives back what lies idle, and says what was used beyond the slices. */
  async tick(): Promise<void> {
    const nowMs = this.#parts.clock();
    const settling: Promise<void>[] = [];
    for (const [accountId, lease] of this.#leases) {
      if (nowMs >= lease.endsAtMs) this.#leases.delete(accountId);
      else settling.push(this.#settle(accountId, lease));
    }
    await Promise.all(settling);
  }

  async #settle(accountId: string, lease: Lease): Promise<void> {
    await lease.asking;
    const idle = excess(lease.left, lease.usedSinceTick, this.#factsOf(lease));
    lease.usedSinceTick = 0;
    const settled = lease.left < 0 ? Math.ceil(-lease.left) : -idle;
    if (settled === 0 || lease.minuteMs === null) return;
    lease.left += settled;
    await this.#take(accountId, lease, { wanted: 0, least: 0, settled }).catch((error: unknown) =>
      this.#warn(error),
    );
  }

  #lease(accountId: string, budget: number): Lease {
    const found = this.#leases.get(accountId);
    if (found !== undefined && found.budget === budget && this.#parts.clock() < found.endsAtMs) return found;
    const lease: Lease = {
      ...{ budget, minuteMs: null, endsAtMs: Number.POSITIVE_INFINITY, left: 0, lastSlice: 0 },
      ...{ askedAtMs: 0, usedSinceTick: 0, emptyUntilMs: 0, asking: null },
    };
    this.#leases.set(accountId, lease);
    return lease;
  }

  /** One question at a time; a caller that comes meanwhile waits for its answer. Never rejects. */
  #ask(accountId: string, lease: Lease, needed: number): Promise<void> {
    lease.asking ??= this.#askNow(accountId, lease, needed).finally(() => {
      lease.asking = null;
    });
    return lease.asking;
  }

  async #askNow(accountId: string, lease: Lease, needed: number): Promise<void> {
    const { clock } = this.#parts;
    const facts = this.#factsOf(lease);
    lease.askedAtMs = clock();
    const settled = lease.left < 0 ? Math.ceil(-lease.left) : 0;
    const least = Math.max(0, Math.ceil(needed - Math.max(0, lease.left)));
    try {
      lease.left += settled;
      const slice = await this.#take(accountId, lease, { wanted: nextSlice(facts), least, settled });
      if (slice.slice === 0 || lease.left < needed) {
        lease.emptyUntilMs = Math.min(clock() + ASK_AGAIN_MS, lease.endsAtMs);
      } else {
        lease.emptyUntilMs = 0;
        lease.lastSlice = slice.slice;
      }
    } catch (error) {
      this.#warn(error);
      // Let in what is asked for now, and ask again soon.
      lease.left = Math.max(lease.left, needed + 1);
      lease.endsAtMs = Math.min(lease.endsAtMs, clock() + ASK_AGAIN_MS);
    }
  }

  async #take(
    accountId: string,
    lease: Lease,
    wanted: Pick<SliceRequest, 'wanted' | 'least' | 'settled'>,
  ): Promise<Slice> {
    const { kind, take, clock, onNear } = this.#parts;
    const { budget, minuteMs: settledMinuteMs } = lease;
    const slice = await take({ ...wanted, accountId, kind, budget, settledMinuteMs });
    // A new minute: what was left of the one before is gone.
    if (lease.minuteMs !== null && slice.minuteMs !== lease.minuteMs) lease.left = Math.min(lease.left, 0);
    lease.left += slice.slice;
    lease.minuteMs = slice.minuteMs;
    lease.endsAtMs = clock() + slice.leftMs;
    if (slice.isNear) {
      const [limit, perUnit] = LIMIT_OF[kind];
      onNear(accountId, nearUse(limit, { budget, granted: slice.granted }, perUnit));
    }
    return slice;
  }

  #factsOf(lease: Lease): SliceFacts {
    const lastedMs = this.#parts.clock() - lease.askedAtMs;
    return { budget: lease.budget, nodes: this.#parts.nodes(), lastSlice: lease.lastSlice, lastedMs };
  }

  #warn(error: unknown): void {
    this.#parts.log.warn({ err: error, budget: this.#parts.kind }, 'a budget could not be asked for');
  }
}
