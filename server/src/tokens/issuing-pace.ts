// Bounds how many tokens one address may have made for it without showing one: a bucket per address that refills with
// time. Holds a bounded number of buckets. Asked before a limited token is made.
import type { Clock } from '../clock/clock.ts';

export type PaceOptions = {
  clock: Clock;
  /** Tokens that may be made at once. */
  burst: number;
  /** Tokens that may be made in the long run. */
  perMinute: number;
  /** Addresses remembered; beyond it the one seen first is forgotten. */
  capacity: number;
};

export class IssuingPace {
  readonly #options: PaceOptions;
  readonly #buckets = new Map<string, { left: number; atMs: number }>();

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** @returns whether the address may have one more now; if so, it is counted */
  take(address: string): boolean {
    const { clock, burst, perMinute, capacity } = this.#options;
    const now = clock();
    const bucket = this.#buckets.get(address) ?? { left: burst, atMs: now };
    const left = Math.min(burst, bucket.left + ((now - bucket.atMs) * perMinute) / 60_000);
    const [oldest] = this.#buckets.keys();
    if (!this.#buckets.has(address) && this.#buckets.size >= capacity && oldest !== undefined) {
      this.#buckets.delete(oldest);
    }
    this.#buckets.set(address, { left: left >= 1 ? left - 1 : left, atMs: now });
    return left >= 1;
  }
}
