// Lets a run in, or says why not: this node's wall between accounts first, then what the account may use over
// all nodes. Who has no limits passes without waiting. Called by the gateway for calls, by the worker for
// queued runs.
import { fail } from '../errors/failure.ts';
import type { AccountLimits } from './account-limits.ts';
import type { Admission } from './admission.ts';
import type { ExecutionMeter } from './execution-meter.ts';
import type { LimitDirectory } from './limit-directory.ts';
import type { MinuteBudget } from './minute-budget.ts';
import type { SharedSlots } from './shared-slots.ts';

export type AccountGateParts = {
  admission: Admission;
  limits: Pick<LimitDirectory, 'peek' | 'find'>;
  slots: SharedSlots;
  runs: MinuteBudget;
  execution: MinuteBudget;
  meter: Pick<ExecutionMeter, 'expect' | 'forget' | 'needed'>;
};

export type AdmittedRun = { accountId: string; hasSlot: boolean };

export class AccountGate {
  readonly #parts: AccountGateParts;

  constructor(parts: AccountGateParts) {
    this.#parts = parts;
  }

  /**
   * Counts a run in; call {@link leave} with what it returns exactly once when it is over.
   * @returns a promise where something has to be asked
   * @throws Failure `too_many_runs`, at once or by the promise
   */
  enter(accountId: string): AdmittedRun | Promise<AdmittedRun> {
    const limits = this.#parts.limits.peek(accountId);
    this.#parts.admission.enter(accountId);
    if (limits !== undefined && !isLimited(limits)) {
      this.#parts.meter.expect(accountId);
      return { accountId, hasSlot: false };
    }
    return this.#enterLimited(accountId, limits);
  }

  /** As {@link Admission.requireRoom}. */
  requireRoom(accountId: string): void {
    this.#parts.admission.requireRoom(accountId);
  }

  leave({ accountId, hasSlot }: AdmittedRun): void {
    const { admission, slots, meter } = this.#parts;
    admission.leave(accountId);
    if (hasSlot) slots.leave(accountId);
    meter.forget(accountId);
  }

  /** Accounts that have runs going on here, with their number. */
  get going(): ReadonlyMap<string, number> {
    return this.#parts.admission.going;
  }

  /** How many runs of accounts that are near a limit are worth claiming; there is no use in more. */
  worth(): ReadonlyMap<string, number> {
    const { slots, runs, execution } = this.#parts;
    const worth = new Map<string, number>();
    for (const part of [slots, runs, execution]) {
      for (const [accountId, count] of part.scarce()) {
        worth.set(accountId, Math.min(count, worth.get(accountId) ?? count));
      }
    }
    return worth;
  }

  async #enterLimited(accountId: string, known: AccountLimits | undefined): Promise<AdmittedRun> {
    const { admission, limits, slots, meter } = this.#parts;
    let hasSlot = false;
    let isExpected = false;
    try {
      const { concurrentRuns, ...minute } = known ?? (await limits.find(accountId));
      hasSlot = concurrentRuns !== null && (await this.#takeSlot(accountId, concurrentRuns));
      await this.#takeTime(accountId, minute.executionSecondsPerMinute);
      isExpected = true;
      await this.#takeRun(accountId, minute.runsPerMinute);
      return { accountId, hasSlot };
    } catch (error) {
      admission.leave(accountId);
      if (hasSlot) slots.leave(accountId);
      if (isExpected) meter.forget(accountId);
      throw error;
    }
  }

  async #takeSlot(accountId: string, limit: number): Promise<true> {
    if (await this.#parts.slots.enter(accountId, limit)) return true;
    return fail('too_many_runs', {
      message: `the account has as many runs going on as it may: ${limit}`,
      facts: { limit, retryAfterS: 1 },
    });
  }

  async #takeTime(accountId: string, seconds: number | null): Promise<void> {
    const { execution, meter } = this.#parts;
    const taking = { needed: () => meter.needed(accountId), take: () => meter.expect(accountId) };
    if (seconds === null) return taking.take();
    if (await execution.acquire(accountId, seconds * 1000, taking)) return;
    fail('too_many_runs', {
      message: `the account's runs have taken the ${seconds} seconds that they may take in a minute`,
      facts: { limit: seconds, retryAfterS: secondsOf(execution.waitMs(accountId)) },
    });
  }

  async #takeRun(accountId: string, limit: number | null): Promise<void> {
    const { runs } = this.#parts;
    if (limit === null) return;
    const taking = { needed: () => 1, take: () => runs.use(accountId, 1) };
    if (await runs.acquire(accountId, limit, taking)) return;
    fail('too_many_runs', {
      message: `the account has begun the ${limit} runs that it may begin in a minute`,
      facts: { limit, retryAfterS: secondsOf(runs.waitMs(accountId)) },
    });
  }
}

function isLimited({ runsPerMinute, executionSecondsPerMinute, concurrentRuns }: AccountLimits): boolean {
  return runsPerMinute !== null || executionSecondsPerMinute !== null || concurrentRuns !== null;
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
