// What the functions that web sites call may take of an account's minute, all together: counted as they go,
// so that what is left is true at any moment. Counts only and waits for nothing; time is an argument. What
// other nodes have used is learned from shared-use.ts. Called by the door and endpoint-limits.ts.
//
// A minute is a window on the clock. Of a run that goes over its end, each window bears its part.

const WINDOW_MS = 60_000;

type Use = {
  windowStartMs: number;
  /** Of runs, or parts of runs, that ended in this window. */
  endedMs: number;
  going: number;
  /** Sum of the moments at which the runs going on began, or the window did, where that is later. */
  begunSumMs: number;
  /** Of this window, on other nodes, as far as it is known. */
  othersMs: number;
  /** There was a question since {@link SiteBudget.asked} was. */
  isAsked: boolean;
};

export type BudgetState = {
  /** 0 or more. ms */
  remainingMs: number;
  /** When the next minute begins. Unix time in ms. */
  resetAtMs: number;
};

/** A run that is being counted. */
export type Spending = { accountId: string; begunMs: number };

export class SiteBudget {
  readonly #uses = new Map<string, Use>();

  /** @param budgetMs what the account has a minute */
  state(accountId: string, budgetMs: number, nowMs: number): BudgetState {
    const use = this.#current(accountId, nowMs);
    use.isAsked = true;
    const usedMs = ownUse(use, nowMs) + use.othersMs;
    return {
      remainingMs: Math.max(0, Math.round(budgetMs - usedMs)),
      resetAtMs: use.windowStartMs + WINDOW_MS,
    };
  }

  /** A run begins: call {@link end} with what it returns exactly once. */
  begin(accountId: string, nowMs: number): Spending {
    const use = this.#current(accountId, nowMs);
    use.going += 1;
    use.begunSumMs += nowMs;
    return { accountId, begunMs: nowMs };
  }

  end({ accountId, begunMs }: Spending, nowMs: number): void {
    const use = this.#current(accountId, nowMs);
    const fromMs = Math.max(begunMs, use.windowStartMs);
    use.going -= 1;
    use.begunSumMs -= fromMs;
    use.endedMs += Math.max(0, nowMs - fromMs);
  }

  /** What accounts that were asked about since the last call have used here in this minute. */
  asked(nowMs: number): { accountId: string; windowStartMs: number; usedMs: number }[] {
    const asked = [];
    for (const [accountId, kept] of this.#uses) {
      if (!kept.isAsked && kept.going === 0) continue;
      const use = this.#current(accountId, nowMs);
      use.isAsked = false;
      asked.push({ accountId, windowStartMs: use.windowStartMs, usedMs: ownUse(use, nowMs) });
    }
    return asked;
  }

  /** Other nodes have used so much in a minute. */
  learn(accountId: string, windowStartMs: number, othersMs: number): void {
    const use = this.#uses.get(accountId);
    if (use?.windowStartMs === windowStartMs) use.othersMs = othersMs;
  }

  /** Forgets accounts that use nothing in this minute. */
  tidy(nowMs: number): void {
    for (const [accountId, use] of this.#uses) {
      if (use.going === 0 && nowMs >= use.windowStartMs + WINDOW_MS) this.#uses.delete(accountId);
    }
  }

  /** Accounts that are counted now. */
  get size(): number {
    return this.#uses.size;
  }

  #current(accountId: string, nowMs: number): Use {
    const windowStartMs = nowMs - (nowMs % WINDOW_MS);
    const found = this.#uses.get(accountId);
    if (found === undefined) {
      const use = { windowStartMs, endedMs: 0, going: 0, begunSumMs: 0, othersMs: 0, isAsked: false };
      this.#uses.set(accountId, use);
      return use;
    }
    if (windowStartMs > found.windowStartMs) {
      found.windowStartMs = windowStartMs;
      found.endedMs = 0;
      found.othersMs = 0;
      found.begunSumMs = found.going * windowStartMs;
    }
    return found;
  }
}

function ownUse({ endedMs, going, begunSumMs }: Use, nowMs: number): number {
  return endedMs + going * nowMs - begunSumMs;
}
