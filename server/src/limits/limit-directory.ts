// The limits of the accounts that use something, in memory: the hot path asks here, only an account's first
// run goes to the database. Forgets an account when notified that its limits changed.
import { LatelyUsed } from '../memory/lately-used.ts';
import { SharedLoads } from '../memory/shared-loads.ts';
import type { Sql } from '../postgres/database.ts';
import { type AccountLimits, effectiveLimits, type OwnLimits } from './account-limits.ts';
import { findSetLimits } from './account-limits-store.ts';

/** Accounts kept; beyond it, the one that was loaded first goes. */
const CAPACITY = 10_000;

const NOTHING_SET: OwnLimits = {
  runsPerMinute: null,
  executionSecondsPerMinute: null,
  concurrentRuns: null,
  queuedRuns: null,
  payloadBytes: null,
};

export class LimitDirectory {
  readonly #sql: Sql;
  readonly #usual: Record<keyof AccountLimits, number>;
  readonly #kept = new LatelyUsed<AccountLimits>(CAPACITY);
  readonly #loads = new SharedLoads<AccountLimits>();

  /** @param usual of an account that has none of its own; 0: none */
  constructor(sql: Sql, usual: Record<keyof AccountLimits, number>) {
    this.#sql = sql;
    this.#usual = usual;
  }

  /** What is in memory now. */
  peek(accountId: string): AccountLimits | undefined {
    return this.#kept.peek(accountId);
  }

  /** Asks the database; concurrent calls share one question. */
  find(accountId: string): Promise<AccountLimits> {
    const ask = async (): Promise<AccountLimits> => {
      const set = (await findSetLimits(this.#sql, accountId)) ?? NOTHING_SET;
      return effectiveLimits(set, this.#usual);
    };
    return this.#loads.load(accountId, ask, (limits) => this.#kept.set(accountId, limits));
  }

  forget(accountId: string): void {
    this.#kept.delete(accountId);
    this.#loads.forget(accountId);
  }

  forgetAll(): void {
    this.#kept.clear();
    this.#loads.forgetAll();
  }
}
