// How many runs of one account may go on at a time on this node: the wall between a busy tenant and its
// neighbours. Counts only; waiting is the pool's affair.
import { fail } from '../errors/failure.ts';

export class Admission {
  readonly #runsPerAccount: number;
  readonly #going = new Map<string, number>();

  constructor(runsPerAccount: number) {
    this.#runsPerAccount = runsPerAccount;
  }

  /**
   * Counts a run in; call {@link leave} exactly once when it is over.
   * @throws Failure `too_many_runs`
   */
  enter(accountId: string): void {
    this.requireRoom(accountId);
    this.#going.set(accountId, (this.#going.get(accountId) ?? 0) + 1);
  }

  /**
   * Asked before the body of a call is read: there is no use in it where no run would come about.
   * @throws Failure `too_many_runs`
   */
  requireRoom(accountId: string): void {
    const going = this.#going.get(accountId) ?? 0;
    if (going >= this.#runsPerAccount) {
      fail('too_many_runs', {
        message: `the account has ${going} runs going on, its limit is ${this.#runsPerAccount}`,
        facts: { runsPerAccount: this.#runsPerAccount },
      });
    }
  }

  leave(accountId: string): void {
    const going = (this.#going.get(accountId) ?? 1) - 1;
    if (going > 0) this.#going.set(accountId, going);
    else this.#going.delete(accountId);
  }

  /** Accounts that have runs going on, with their number. */
  get going(): ReadonlyMap<string, number> {
    return this.#going;
  }

  /** Runs going on over all accounts. */
  get total(): number {
    let total = 0;
    for (const going of this.#going.values()) total += going;
    return total;
  }
}
