// What waits for one of few places, in turns over accounts: the oldest of each account in turn, so that one
// account's thousand hold up another's single one by one at most. Decides nothing else.

export class TurnsQueue<Item extends { accountId: string }> {
  /** Accounts in the order of their turns: a Map lists its keys in the order of insertion. */
  readonly #waiting = new Map<string, Item[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How many of one account wait. */
  sizeOf(accountId: string): number {
    return this.#waiting.get(accountId)?.length ?? 0;
  }

  push(item: Item): void {
    const own = this.#waiting.get(item.accountId);
    if (own === undefined) this.#waiting.set(item.accountId, [item]);
    else own.push(item);
    this.#size += 1;
  }

  /** Takes the next one out. */
  shift(): Item | undefined {
    const [turn] = this.#waiting;
    if (turn === undefined) return undefined;
    const [accountId, own] = turn;
    const item = own.shift();
    this.#waiting.delete(accountId);
    if (own.length > 0) this.#waiting.set(accountId, own);
    this.#size -= 1;
    return item;
  }
}
