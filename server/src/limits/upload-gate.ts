// How many bytes of uploads this node holds in memory at once. An upload says how large it may get and waits for room, first
// come first served; one account never fills more than half, so that it can't keep the others out. Counts only.
import { Failure } from '../errors/failure.ts';

export type UploadGateLimits = {
  /** Of all uploads in hand together. */
  capacityBytes: number;
  /** How long an upload waits for room before it is refused, as a rule. */
  waitMs: number;
  /** What the smallest counts for. */
  leastBytes?: number;
};

export type Upload = {
  accountId: string;
  /** How large it may get; where that is more than there is at all, it is admitted alone. */
  bytes: number;
  /** Where whoever sends it would wait less long than the rule. */
  waitMs?: number;
};

type Waiter = {
  accountId: string;
  bytes: number;
  admit: () => void;
};

/** A small zip may unpack to the limit all the same: what it counts for at least, so that few are unpacked at once. */
const LEAST_BYTES = 8 * 1024 * 1024;

export class UploadGate {
  readonly #limits: UploadGateLimits;
  readonly #held = new Map<string, number>();
  #heldBytes = 0;
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
    try {
      return await work();
    } finally {
      this.#give(accountId, bytes);
    }
  }

  #room({ accountId, bytes, waitMs }: Required<Upload>): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        reject(tooBusy(this.#limits.capacityBytes, waitMs));
        // Whoever stood behind a large one may fit now that it has gone.
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

  /** In order, but past those whose own account is what keeps them waiting. */
  #admitNext(): void {
    for (const waiter of [...this.#waiting]) {
      if (this.#heldBytes + waiter.bytes > this.#limits.capacityBytes) return;
      if (!this.#fits(waiter.accountId, waiter.bytes)) continue;
      this.#waiting = this.#waiting.filter((other) => other !== waiter);
      this.#take(waiter.accountId, waiter.bytes);
      waiter.admit();
    }
  }

  #fits(accountId: string, bytes: number): boolean {
    const { capacityBytes } = this.#limits;
    const own = this.#held.get(accountId) ?? 0;
    return this.#heldBytes + bytes <= capacityBytes && (own === 0 || own + bytes <= capacityBytes / 2);
  }

  #take(accountId: string, bytes: number): void {
    this.#heldBytes += bytes;
    this.#held.set(accountId, (this.#held.get(accountId) ?? 0) + bytes);
  }

  #give(accountId: string, bytes: number): void {
    this.#heldBytes -= bytes;
    const left = (this.#held.get(accountId) ?? 0) - bytes;
    if (left > 0) this.#held.set(accountId, left);
    else this.#held.delete(accountId);
    this.#admitNext();
  }
}

function tooBusy(capacityBytes: number, waitMs: number): Failure {
  return new Failure('unavailable', {
    message: `Too many large requests are going on, and none ended within ${waitMs / 1000} seconds: try again in a moment.`,
    facts: { limitBytes: capacityBytes },
  });
}
