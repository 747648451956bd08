// The attempts that a node is making: how many, of whom, and who has enough for now, so that one slow
// destination or one busy account leaves room for others. No more than a count.

type Owner = { id: string; claims: number; subscriptionId: string; accountId: string };

const SUBSCRIPTION_SHARE = 8;
const ACCOUNT_SHARE = 2;

export class InHand {
  readonly #most: number;
  readonly #works = new Map<string, Promise<void>>();
  readonly #ofSubscription = new Map<string, number>();
  readonly #ofAccount = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  room(): number {
    return this.#most - this.#works.size;
  }

  /** What the next claim must leave alone, and how many of one subscription it may take. */
  claimable(): {
    busySubscriptions: string[];
    busyAccounts: string[];
    mostPerSubscription: number;
    ofAccounts: Record<string, number>;
  } {
    const mostPerSubscription = Math.max(1, Math.floor(this.#most / SUBSCRIPTION_SHARE));
    return {
      busySubscriptions: atLeast(this.#ofSubscription, mostPerSubscription),
      busyAccounts: atLeast(this.#ofAccount, Math.max(1, Math.floor(this.#most / ACCOUNT_SHARE))),
      mostPerSubscription,
      ofAccounts: Object.fromEntries(this.#ofAccount),
    };
  }

  /** `<id>/<claims>` of each. */
  keys(): string[] {
    return [...this.#works.keys()];
  }

  add(owner: Owner, work: Promise<void>): void {
    this.#works.set(keyOf(owner), work);
    count(this.#ofSubscription, owner.subscriptionId, 1);
    count(this.#ofAccount, owner.accountId, 1);
  }

  remove(owner: Owner): void {
    if (!this.#works.delete(keyOf(owner))) return;
    count(this.#ofSubscription, owner.subscriptionId, -1);
    count(this.#ofAccount, owner.accountId, -1);
  }

  async allEnded(): Promise<void> {
    await Promise.all(this.#works.values());
  }
}

/** One that is sent again while an attempt goes on is in hand twice. */
function keyOf({ id, claims }: Owner): string {
  return `${id}/${claims}`;
}

function count(counts: Map<string, number>, key: string, change: number): void {
  const next = (counts.get(key) ?? 0) + change;
  if (next === 0) counts.delete(key);
  else counts.set(key, next);
}

function atLeast(counts: ReadonlyMap<string, number>, most: number): string[] {
  return [...counts].filter(([, number]) => number >= most).map(([key]) => key);
}
