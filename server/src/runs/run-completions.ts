// What is left to be asked and made of ended runs behind their answers: what the kernel counted, the text of
// their inputs. Done a slice at a time, with a turn of the event loop between slices, so that no caller waits
// for the runs of many others. Knows no run. Owned by the recorder.

/** Longest time that is worked without a turn; one piece of work may take longer. ms */
const SLICE_MS = 0.5;
/** Most of what is done and still in the list, which is dear to cut at its beginning. */
const MOST_DONE = 1_000;

export class RunCompletions {
  readonly #onError: (error: unknown) => void;
  readonly #work: (() => void)[] = [];
  /** Of {@link #work}, how many are done. */
  #at = 0;
  /** Since the beginning. */
  #pushed = 0;
  #done = 0;
  #slice: Promise<void> | null = null;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  push(work: () => void): void {
    this.#work.push(work);
    this.#pushed += 1;
  }

  /** Resolves when all is done that was pushed before. Never rejects. */
  async finish(): Promise<void> {
    const last = this.#pushed;
    while (this.#done < last) {
      this.#slice ??= this.#nextSlice();
      await this.#slice;
    }
  }

  async #nextSlice(): Promise<void> {
    await new Promise(setImmediate);
    this.#slice = null;
    const until = performance.now() + SLICE_MS;
    do this.#doOne();
    while (this.#at < this.#work.length && performance.now() < until);
    if (this.#at < this.#work.length && this.#at < MOST_DONE) return;
    this.#work.splice(0, this.#at);
    this.#at = 0;
  }

  #doOne(): void {
    const work = this.#work[this.#at];
    this.#at += 1;
    this.#done += 1;
    try {
      work?.();
    } catch (error) {
      this.#onError(error);
    }
  }
}
