// How many bytes of uploads this node holds in memory at once. An upload says how large it may get and waits
// for room, in turns over accounts; one account never fills more than half, so that it can't keep the others
// out, nor by sending slowly. Reads nothing itself.
import type { IncomingMessage } from 'node:http';
import { Failure } from '../errors/failure.ts';

export type UploadGateLimits = {
  /** Of all uploads in hand together. */
  capacityBytes: number;
  /** How long an upload waits for room before it is refused, as a rule. */
  waitMs: number;
  /** What the smallest counts for. */
  leastBytes?: number;
  /** How often it is looked whether bodies arrive; usual: every 5 s. */
  lookEveryMs?: number;
};

export type Upload = {
  accountId: string;
  /** How large it may get; where that is more than there is at all, it is admitted alone. */
  bytes: number;
  /** Where its sender would wait less long than the rule. */
  waitMs?: number;
  /** The request that it comes with: given up where it arrives so slowly that others wait for its room. */
  body?: IncomingMessage;
};

type Waiter = {
  accountId: string;
  bytes: number;
  admit: () => void;
};

/**
 * A small zip may unpack to the limit all the same: what it counts for at least, so that few are unpacked at
 * once.
 */
const LEAST_BYTES = 8 * 1024 * 1024;
const LOOK_EVERY_MS = 5_000;
/** What a body's line must bring while others wait. */
const LEAST_BYTES_A_SECOND = 32 * 1024;

export class UploadGate {
  readonly #limits: UploadGateLimits;
  readonly #held = new Map<string, number>();
  #heldBytes = 0;
  /** When an account was let in last, of those that wait or hold something. */
  readonly #lastTurn = new Map<string, number>();
  #turns = 0;
  #waiting: Waiter[] = [];

  constructor(limits: UploadGateLimits) {
    this.#limits = limits;
  }

  /** Uploads that wait for room. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Holds room for an upload while `work` goes on.
   * @throws Failure `unavailable` when no room came free in time
   */
  async during<T>(upload: Upload, work: () => Promise<T>): Promise<T> {
    const { accountId, waitMs = this.#limits.waitMs } = upload;
    const most = this.#limits.capacityBytes;
    const bytes = Math.min(Math.max(upload.bytes, this.#limits.leastBytes ?? LEAST_BYTES), most);
    if (this.#waiting.length > 0 || !this.#fits(accountId, bytes))
      await this.#room({ accountId, bytes, waitMs });
    else this.#take(accountId, bytes);
    const watch = upload.body === undefined ? undefined : this.#watch(upload.body);
    try {
      return await work();
    } finally {
      clearInterval(watch);
      this.#give(accountId, bytes);
    }
  }

  /** While nobody waits, a line may be as slow as it is. */
  #watch(body: IncomingMessage): NodeJS.Timeout {
    const everyMs = this.#limits.lookEveryMs ?? LOOK_EVERY_MS;
    let before = body.socket.bytesRead;
    return setInterval(() => {
      const arrived = body.socket.bytesRead - before;
      before = body.socket.bytesRead;
      const isSlow = arrived < (LEAST_BYTES_A_SECOND * everyMs) / 1000;
      if (!body.complete && isSlow && this.#waiting.length > 0) body.destroy(tooSlow());
    }, everyMs);
  }

  #room({ accountId, bytes, waitMs }: Required<Omit<Upload, 'body'>>): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        reject(tooBusy(this.#limits.capacityBytes, waitMs));
        // What stood behind a large one may fit now that it has gone.
        this.#admitNext();
      }, waitMs);
      const admit = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const waiter: Waiter = { accountId, bytes, admit };
      this.#waiting.push(waiter);
      this.#admitNext();
    });
  }

  /**
   * In turns over accounts: first those that were let in longest ago. Past those whose own account keeps them
   * waiting; but what waits for room that others hold is not overtaken by what came after it.
   */
  #admitNext(): void {
    for (const waiter of inTurns(this.#waiting, this.#lastTurn)) {
      if (!this.#hasShare(waiter.accountId, waiter.bytes)) continue;
      if (this.#heldBytes + waiter.bytes > this.#limits.capacityBytes) return;
      this.#waiting = this.#waiting.filter((other) => other !== waiter);
      this.#take(waiter.accountId, waiter.bytes);
      waiter.admit();
    }
  }

  #fits(accountId: string, bytes: number): boolean {
    return this.#heldBytes + bytes <= this.#limits.capacityBytes && this.#hasShare(accountId, bytes);
  }

  #hasShare(accountId: string, bytes: number): boolean {
    const own = this.#held.get(accountId) ?? 0;
    return own === 0 || own + bytes <= this.#limits.capacityBytes / 2;
  }

  #take(accountId: string, bytes: number): void {
    this.#turns += 1;
    this.#lastTurn.set(accountId, this.#turns);
    this.#heldBytes += bytes;
    this.#held.set(accountId, (this.#held.get(accountId) ?? 0) + bytes);
  }

  #give(accountId: string, bytes: number): void {
    this.#heldBytes -= bytes;
    const left = (this.#held.get(accountId) ?? 0) - bytes;
    if (left > 0) this.#held.set(accountId, left);
    else this.#held.delete(accountId);
    this.#admitNext();
    const isThere = this.#held.has(accountId) || this.#waiting.some((other) => other.accountId === accountId);
    if (!isThere) this.#lastTurn.delete(accountId);
  }
}

/**
 * The first of each account, then the second of each; accounts that have never had a turn before those that
 * had one.
 */
function inTurns(waiting: readonly Waiter[], lastTurn: ReadonlyMap<string, number>): Waiter[] {
  const turns = new Map<string, number>();
  const placed = waiting.map((waiter) => {
    const turn = turns.get(waiter.accountId) ?? 0;
    turns.set(waiter.accountId, turn + 1);
    return { waiter, turn, last: lastTurn.get(waiter.accountId) ?? 0 };
  });
  // A stable sort: beyond that, the first to come.
  return placed.sort((a, b) => a.turn - b.turn || a.last - b.last).map(({ waiter }) => waiter);
}

function tooSlow(): Failure {
  return new Failure('unavailable', {
    message: 'The upload arrived too slowly while others waited for room: try again.',
  });
}

function tooBusy(capacityBytes: number, waitMs: number): Failure {
  return new Failure('unavailable', {
    message: `Too many large requests are going on, and none ended within ${waitMs / 1000} seconds: try again in a moment.`,
    facts: { limitBytes: capacityBytes },
  });
}
