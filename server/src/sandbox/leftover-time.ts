// The processor time that an instance takes beside its runs: what runs have left behind there, timers,
// processes of their own. Looked at once a second, so that no call pays for it: what is more than the runs of
// that time can have used was left behind. Pure. Owned by the pool (sandbox-pool.ts).
// docs/decisions/0011-what-runs-leave-behind.md says why it is bounded and not frozen.

/** What may be used at any time, and what it fills up by. */
const LEFTOVER_BUDGET_MS = 1_000;
const LEFTOVER_SHARE = 0.1;

export class LeftoverTime {
  readonly #cores: number;
  #usedMs: number;
  #lookedAt: number;
  #busyMs = 0;
  #busySince: number | null = null;
  #debtMs = 0;

  /**
   * @param cores that the sandbox may use at a time; @param usedMs so far: loading is not counted; @param now
   * of performance.now
   */
  constructor(cores: number, usedMs: number, now: number) {
    this.#cores = cores;
    this.#usedMs = usedMs;
    this.#lookedAt = now;
  }

  /** It has runs in hand from now on. */
  busy(now: number): void {
    this.#busySince ??= now;
  }

  /** It has none any more. */
  idle(now: number): void {
    if (this.#busySince !== null) this.#busyMs += now - this.#busySince;
    this.#busySince = null;
  }

  /** @returns what was used since the last look, by no run. ms */
  look(usedMs: number, now: number): number {
    const isBusy = this.#busySince !== null;
    this.idle(now);
    const leftMs = Math.max(0, usedMs - this.#usedMs - this.#busyMs * this.#cores);
    this.#debtMs = Math.max(0, this.#debtMs + leftMs - (now - this.#lookedAt) * LEFTOVER_SHARE);
    this.#usedMs = usedMs;
    this.#lookedAt = now;
    this.#busyMs = 0;
    if (isBusy) this.busy(now);
    return leftMs;
  }

  get isSpent(): boolean {
    return this.#debtMs > LEFTOVER_BUDGET_MS;
  }
}
