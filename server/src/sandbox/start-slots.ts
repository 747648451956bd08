// How many sandboxes start at the same moment. Starting is work for the processors: a hundred at once are all
// late, and what their code takes to load would be blamed on it. One that takes long waits for something
// else, and soon counts no more, so that nobody's slow code keeps the others out. Used by the pool.

/** How long a start counts. ms */
const COUNTS_FOR_MS = 1_000;

export class StartSlots {
  readonly #most: number;
  readonly #onFree: () => void;
  #taken = 0;

  /** @param onFree a slot has come free; must return at once */
  constructor(most: number, onFree: () => void) {
    this.#most = most;
    this.#onFree = onFree;
  }

  get isFull(): boolean {
    return this.#taken >= this.#most;
  }

  /** @returns what to call when it has started, or failed to */
  take(): () => void {
    this.#taken += 1;
    let isTaken = true;
    const giveBack = (): void => {
      clearTimeout(timer);
      if (!isTaken) return;
      isTaken = false;
      this.#taken -= 1;
      this.#onFree();
    };
    const timer = setTimeout(giveBack, COUNTS_FOR_MS).unref();
    return giveBack;
  }
}
