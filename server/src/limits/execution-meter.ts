// What the runs of accounts take of time, while they go on: counted in full at their end, and every second
// before it. Counts only. Called by what executes an attempt; account-gate.ts asks what isn't charged yet.

type Meter = {
  /** Let in and not over: going on, or waiting for an instance. */
  admitted: number;
  going: number;
  /** Sum of the moments since which the runs going on aren't charged. */
  begunSumMs: number;
  chargedAtMs: number;
  /** Of those going on, those that began after that. */
  fresh: number;
  /** How long a run of the account takes, on average. */
  meanMs: number;
};

export type MeteredRun = { accountId: string; begunMs: number };

/** Weight of the newest run in the mean. */
const NEWEST_WEIGHT = 0.2;
const FORGOTTEN_AFTER_MS = 600_000;
/**
 * Time that a run is believed to take before it is charged, at most: what goes on longer is charged every
 * second. ms
 */
const MOST_EXPECTED_MS = 1_000;

export class ExecutionMeter {
  readonly #meters = new Map<string, Meter>();
  readonly #charge: (accountId: string, tookMs: number) => void;
  readonly #clock: () => number;

  /** @param clock ms, of any beginning */
  constructor(charge: (accountId: string, tookMs: number) => void, clock: () => number) {
    this.#charge = charge;
    this.#clock = clock;
  }

  /** A run is let in: call {@link forget} when it is over. */
  expect(accountId: string): void {
    this.#meter(accountId).admitted += 1;
  }

  forget(accountId: string): void {
    const meter = this.#meters.get(accountId);
    if (meter !== undefined && meter.admitted > 0) meter.admitted -= 1;
  }

  /** A run begins: call {@link end} with what it returns exactly once. */
  begin(accountId: string): MeteredRun {
    const begunMs = this.#clock();
    const meter = this.#meter(accountId);
    meter.going += 1;
    meter.fresh += 1;
    meter.begunSumMs += begunMs;
    return { accountId, begunMs };
  }

  end({ accountId, begunMs }: MeteredRun): void {
    const meter = this.#meters.get(accountId);
    if (meter === undefined) return;
    const nowMs = this.#clock();
    const isFresh = begunMs >= meter.chargedAtMs && meter.fresh > 0;
    const fromMs = isFresh ? begunMs : Math.max(begunMs, meter.chargedAtMs);
    meter.going -= 1;
    if (isFresh) meter.fresh -= 1;
    meter.begunSumMs -= fromMs;
    meter.meanMs += (nowMs - begunMs - meter.meanMs) * (meter.meanMs === 0 ? 1 : NEWEST_WEIGHT);
    this.#charge(accountId, nowMs - fromMs);
  }

  /** What was used beside runs. */
  charge(accountId: string, usedMs: number): void {
    this.#charge(accountId, usedMs);
  }

  /**
   * What an account must have left for another run: what isn't charged yet, and what the newest are going to
   * take. ms
   */
  needed(accountId: string): number {
    const meter = this.#meters.get(accountId);
    if (meter === undefined) return 1;
    const unchargedMs = meter.going * this.#clock() - meter.begunSumMs;
    const uncharged = Math.max(0, meter.admitted - (meter.going - meter.fresh));
    const expectedMs = Math.min(meter.meanMs, MOST_EXPECTED_MS) * (uncharged + 1);
    return Math.max(1, unchargedMs, expectedMs);
  }

  /** To be called every second: charges what goes on, and forgets accounts at rest. */
  tick(): void {
    const nowMs = this.#clock();
    for (const [accountId, meter] of this.#meters) {
      const tookMs = meter.going * nowMs - meter.begunSumMs;
      const isAtRest = meter.going === 0 && meter.admitted === 0;
      if (isAtRest && nowMs - meter.chargedAtMs > FORGOTTEN_AFTER_MS) this.#meters.delete(accountId);
      if (meter.going === 0) continue;
      meter.begunSumMs = meter.going * nowMs;
      meter.chargedAtMs = nowMs;
      meter.fresh = 0;
      this.#charge(accountId, tookMs);
    }
  }

  #meter(accountId: string): Meter {
    const found = this.#meters.get(accountId);
    if (found !== undefined) return found;
    const meter = { admitted: 0, going: 0, begunSumMs: 0, chargedAtMs: this.#clock(), fresh: 0, meanMs: 0 };
    this.#meters.set(accountId, meter);
    return meter;
  }
}
