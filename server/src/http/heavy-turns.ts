// Lets large bodies be worked off one at a time, in turns over accounts, on the thread that serves everybody: what one takes, the
// others get as well before the next is begun. For what can't go to another thread, because its result would cost as much to be
// handed back. Knows nothing of what is done in a turn; asked by take-json.ts.
import { TurnsQueue } from '../memory/turns-queue.ts';

/** Smaller bodies take no turns: they are over in some milliseconds. */
export const HEAVY_BYTES = 128 * 1024;
/** The others' part of the time is bounded, so that a stall that was not its fault holds nothing up. ms */
const LONGEST_PAUSE_MS = 500;

type Waiting = { accountId: string; begin: () => void };

export class HeavyTurns {
  readonly #queue = new TurnsQueue<Waiting>();
  #isBusy = false;

  /** Resolves when it is this one's turn: what follows at once, without waiting for anything, is the turn. */
  take(accountId: string): Promise<void> {
    return new Promise((resolve) => {
      this.#queue.push({ accountId, begin: resolve });
      if (!this.#isBusy) this.#next();
    });
  }

  #next(): void {
    const waiting = this.#queue.shift();
    this.#isBusy = waiting !== undefined;
    if (waiting === undefined) return;
    const startedAt = performance.now();
    waiting.begin();
    setImmediate(() => {
      const tookMs = performance.now() - startedAt;
      setTimeout(() => this.#next(), Math.min(tookMs, LONGEST_PAUSE_MS));
    });
  }
}
