// A copy of something small that is kept elsewhere, read whole and read again when notified that it changed.
// Knows nothing of what it holds.
import { OneBehind } from './one-behind.ts';

/** How long after a reading that failed it is tried again. ms */
const TRY_AGAIN_MS = 1_000;

export class FreshCopy<Value> {
  #value: Value;
  readonly #reading: OneBehind;

  private constructor(value: Value, read: () => Promise<Value>, onError: (error: unknown) => void) {
    this.#value = value;
    this.#reading = new OneBehind(async () => {
      try {
        this.#value = await read();
      } catch (error) {
        onError(error);
        setTimeout(() => void this.refresh().catch(() => {}), TRY_AGAIN_MS).unref();
        throw error;
      }
    });
  }

  /** @param onError called with a later reading that failed: it is tried again */
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
    return this.#reading.run();
  }
}
