// Bounds how often one address may do something without being known: a bucket per address that refills with
// time. Holds a bounded number of buckets. Asked before a limited token is made, and before a token that
// nobody has shown yet is looked up.

import type { Clock } from '../clock/clock.ts';
import { neighbourhoodOf } from '../http/client-address.ts';
import { LatelyUsed } from '../memory/lately-used.ts';

export type PaceOptions = {
  clock: Clock;
  /** Times at once. */
  burst: number;
  /** Times in the long run. */
  perMinute: number;
  /** Addresses remembered; beyond it the one not seen for longest is forgotten. */
  capacity: number;
};

export class AddressPace {
  readonly #options: PaceOptions;
  readonly #buckets: LatelyUsed<{ left: number; atMs: number }>;

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#buckets = new LatelyUsed(options.capacity);
  }

  /** @returns whether the address may once more now; if so, it is counted */
  take(address: string): boolean {
    const key = neighbourhoodOf(address);
    const left = this.#leftOf(key);
    this.#buckets.set(key, { left: left >= 1 ? left - 1 : left, atMs: this.#options.clock() });
    return left >= 1;
  }

  /** When the address may once more: 0 now, else in so many seconds. Counts nothing. */
  waitS(address: string): number {
    const left = this.#leftOf(neighbourhoodOf(address));
    return left >= 1 ? 0 : Math.ceil(((1 - left) * 60) / this.#options.perMinute);
  }

  #leftOf(key: string): number {
    const { clock, burst, perMinute } = this.#options;
    const bucket = this.#buckets.peek(key);
    if (bucket === undefined) return burst;
    return Math.min(burst, bucket.left + ((clock() - bucket.atMs) * perMinute) / 60_000);
  }
}
