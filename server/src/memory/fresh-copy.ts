// A copy of something small that is kept elsewhere, read whole and read again when told that it changed. Knows nothing of what it holds.

/** How long after a reading that failed it is tried again. ms */
const TRY_AGAIN_MS = 1_000;

export class FreshCopy<Value> {
  #value: Value;
  readonly #read: () => Promise<Value>;
  readonly #onError: (error: unknown) => void;
  #reading: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  private constructor(value: Value, read: () => Promise<Value>, onError: (error: unknown) => void) {
    this.#value = value;
    this.#read = read;
    this.#onError = onError;
  }

  /** @param onError told of a later reading that failed: it is tried again */
  static async open<Value>(
    read: () => Promise<Value>,
    onError: (error: unknown) => void,
  ): Promise<FreshCopy<Value>> {
    return new FreshCopy(await read(), read, onError);
  }

  get value(): Value {
    return this.#value;
  }

  /**
   * Reads again, once for any number of changes that come while another reading is under way.
   * @returns resolves when what was read after this call is the value
   */
  refresh(): Promise<void> {
    this.#next ??= this.#refreshBehind(this.#reading);
    return this.#next;
  }

  async #refreshBehind(running: Promise<void>): Promise<void> {
    await running;
    this.#next = null;
    const reading = this.#read();
    this.#reading = reading.then(
      (value) => {
        this.#value = value;
      },
      (error: unknown) => {
        this.#onError(error);
        setTimeout(() => void this.refresh().catch(() => {}), TRY_AGAIN_MS).unref();
      },
    );
    await reading;
    await this.#reading;
  }
}
