// Waits until something holds, looking again whenever progress was made: how an instance waits for the rest of a run. Owned by an
// instance; one wait at a time.
export class Progress {
  #look: (() => void) | null = null;

  /** Something may hold now that didn't. */
  made(): void {
    this.#look?.();
  }

  /** @returns whether `isDone` became true in time and before `ended` settled */
  async until(isDone: () => boolean, timeoutMs: number, ended: Promise<unknown>): Promise<boolean> {
    if (isDone()) return true;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      const finish = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#look = () => {
        if (isDone()) finish();
      };
      void ended.then(finish);
    });
    this.#look = null;
    return isDone();
  }
}
