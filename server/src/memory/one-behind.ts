// Work that must begin after it was asked for, done once for all who ask meanwhile: at most one is under way
// and one waits. Knows nothing of the work.

export class OneBehind {
  readonly #work: () => Promise<void>;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** @returns resolves or rejects as the first work does that began after this call */
  run(): Promise<void> {
    this.#next ??= this.#begin(this.#running);
    return this.#next;
  }

  async #begin(before: Promise<unknown>): Promise<void> {
    await before;
    this.#next = null;
    const work = this.#work();
    this.#running = work.catch(() => {});
    await work;
  }
}
