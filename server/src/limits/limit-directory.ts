// The limits of the accounts that use something, in memory: the hot path asks here, only an account's first run goes to the
// database. Forgets an account when notified that its limits changed.
import type { Sql } from '../postgres/database.ts';
import { type AccountLimits, effectiveLimits, type OwnLimits } from './account-limits.ts';
import { findOwnLimits } from './account-limits-store.ts';

/** Accounts kept; beyond it, the one that was loaded first goes. */
const CAPACITY = 10_000;

const NOTHING_OF_ITS_OWN: OwnLimits = {
  runsPerMinute: null,
  executionSecondsPerMinute: null,
  concurrentRuns: null,
  queuedRuns: null,
  payloadBytes: null,
};

export class LimitDirectory {
  readonly #sql: Sql;
  readonly #usual: Record<keyof AccountLimits, number>;
  readonly #kept = new Map<string, AccountLimits>();
  /** Grows with every change: what was read before it isn't kept. */
  #changes = 0;

  /** @param usual of an account that has none of its own; 0: none */
  constructor(sql: Sql, usual: Record<keyof AccountLimits, number>) {
    this.#sql = sql;
    this.#usual = usual;
  }

  /** What is in memory now. */
  peek(accountId: string): AccountLimits | undefined {
    return this.#kept.get(accountId);
  }

  async find(accountId: string): Promise<AccountLimits> {
    const changes = this.#changes;
    const own = (await findOwnLimits(this.#sql, accountId)) ?? NOTHING_OF_ITS_OWN;
    const limits = effectiveLimits(own, this.#usual);
    if (changes === this.#changes) this.#kept.set(accountId, limits);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > CAPACITY && oldest !== undefined) this.#kept.delete(oldest);
    return limits;
  }

  forget(accountId: string): void {
    this.#changes += 1;
    this.#kept.delete(accountId);
  }

  forgetAll(): void {
    this.#changes += 1;
    this.#kept.clear();
  }
}
