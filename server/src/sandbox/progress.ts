// Waits until something holds, looking again whenever progress was made: how an instance waits for the rest
// of a run. Owned by an instance; one wait at a time.
export class Progress {
  #look: (() => void) | null = null;
  #isOver = false;

  /** Something may hold now that didn't. */
  made(): void {
    this.#look?.();
  }

  /** There will be no more: nobody waits any longer. */
  end(): void {
    this.#isOver = true;
    this.#look?.();
  }

  /** @returns whether `isDone` became true in time and before the end */
  async until(isDone: () => boolean, timeoutMs: number): Promise<boolean> {
    if (isDone()) return true;
    if (this.#isOver) return false;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#look = () => {
        if (!this.#isOver && !isDone()) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#look = null;
    return isDone();
  }
}
