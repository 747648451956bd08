// How many runs of an account may go on at a time over all nodes: each node holds some of the places, takes
// more when they are used, and gives back within seconds what lies idle. Where the database can't be asked,
// runs are let in.
import type { Logger } from 'pino';
import type { NearWatch } from './near-watch.ts';
import type { Slots } from './slot-store.ts';

export type SharedSlotsParts = {
  /** @returns how many places this node holds then, and all others together */
  change(wanted: { accountId: string; limit: number; held: number; change: number }): Promise<Slots>;
  /** Called with how many places are taken, by what this node knows of others, whenever one more is. */
  near: NearWatch;
  /** That share the places, this one included. */
  nodes(): number;
  /** Called when this node was taken for dead: its places are others' by now. */
  onNodeLost(listener: () => void): void;
  /** Unix time in ms. */
  clock(): number;
  log: Logger;
};

type Holding = {
  limit: number;
  held: number;
  used: number;
  /** Most that were used at a time since the last tick. */
  mostUsed: number;
  /** Places that others held when it asked last. */
  others: number;
  fullUntilMs: number;
  asking: Promise<void> | null;
};

/**
 * Of all places: what all nodes together may hold without using it; and of what one node asks for at a time.
 */
const IDLE_SHARE = 0.05;
const STEP_SHARE = 0.1;
const ASK_AGAIN_MS = 250;

export class SharedSlots {
  readonly #parts: SharedSlotsParts;
  readonly #holdings = new Map<string, Holding>();

  constructor(parts: SharedSlotsParts) {
    this.#parts = parts;
    parts.onNodeLost(() => this.#lose());
  }

  /**
   * @returns whether a place was taken; a promise where the database has to be asked. Call {@link leave} for
   * each.
   */
  enter(accountId: string, limit: number): boolean | Promise<boolean> {
    const holding = this.#holding(accountId, limit);
    if (holding.used < holding.held) {
      holding.used += 1;
      holding.mostUsed = Math.max(holding.mostUsed, holding.used);
      const used = holding.used + holding.others;
      this.#parts.near.see(accountId, { limit: 'concurrent_runs', allowed: limit, used });
      return true;
    }
    if (this.#parts.clock() < holding.fullUntilMs) return false;
    holding.asking ??= this.#ask(accountId, holding).finally(() => {
      holding.asking = null;
    });
    return holding.asking.then(() => this.enter(accountId, limit));
  }

  leave(accountId: string): void {
    const holding = this.#holdings.get(accountId);
    if (holding !== undefined && holding.used > 0) holding.used -= 1;
  }

  /** Accounts that have places, with how many are worth trying for. */
  *scarce(): Iterable<[accountId: string, worth: number]> {
    const nowMs = this.#parts.clock();
    for (const [accountId, { used, held, limit, fullUntilMs }] of this.#holdings) {
      const asked = fullUntilMs === 0 ? limit - used : nowMs < fullUntilMs ? 0 : 1;
      yield [accountId, Math.max(0, held - used, Math.min(asked, limit - used))];
    }
  }

  /** To be called every second: gives back what lies idle. */
  async tick(): Promise<void> {
    await Promise.all([...this.#holdings].map(([accountId, holding]) => this.#giveBack(accountId, holding)));
  }

  /** This node was taken for dead: others have its places. */
  #lose(): void {
    for (const holding of this.#holdings.values()) holding.held = 0;
  }

  async #giveBack(accountId: string, holding: Holding): Promise<void> {
    await holding.asking;
    const kept = Math.floor((holding.limit * IDLE_SHARE) / this.#parts.nodes());
    const idle = holding.held - Math.max(holding.mostUsed, holding.used) - kept;
    holding.mostUsed = holding.used;
    if (holding.held === 0 && holding.used === 0) this.#holdings.delete(accountId);
    if (idle <= 0) return;
    holding.held -= idle;
    const { limit, held } = holding;
    try {
      await this.#parts.change({ accountId, limit, held: held + idle, change: -idle });
    } catch (error) {
      holding.held += idle;
      this.#parts.log.warn({ err: error }, 'places of an account could not be given back');
    }
  }

  async #ask(accountId: string, holding: Holding): Promise<void> {
    const { limit, held } = holding;
    const step = Math.max(1, Math.floor((limit * STEP_SHARE) / this.#parts.nodes()));
    try {
      const now = await this.#parts.change({ accountId, limit, held, change: step });
      // Some may have been given back meanwhile.
      holding.held += now.held - held;
      holding.others = now.others;
      holding.fullUntilMs = now.held <= held ? this.#parts.clock() + ASK_AGAIN_MS : 0;
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'places of an account could not be asked for');
      holding.held = Math.max(holding.held, holding.used + 1);
    }
  }

  #holding(accountId: string, limit: number): Holding {
    const found = this.#holdings.get(accountId);
    if (found !== undefined) {
      found.limit = limit;
      return found;
    }
    const holding: Holding = {
      limit,
      held: 0,
      used: 0,
      mostUsed: 0,
      others: 0,
      fullUntilMs: 0,
      asking: null,
    };
    this.#holdings.set(accountId, holding);
    return holding;
  }
}
