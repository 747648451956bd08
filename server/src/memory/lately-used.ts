// Values by key, of which only those stay that were used last: for what is costly to make or to ask for
// again. Knows nothing of what it keeps.

export class LatelyUsed<Value> {
  readonly #capacity: number;
  /** A Map lists its keys in the order of their insertion: the first is the one unused for longest. */
  readonly #kept = new Map<string, Value>();
  /** Of those kept, the one at the end. */
  #newest: string | null = null;

  /** @param capacity beyond it, the value that was not used for longest goes */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Counts as a use. */
  get(key: string): Value | undefined {
    const found = this.#kept.get(key);
    // Most often it is asked for the one that was asked for last: that is in its place.
    if (found === undefined || key === this.#newest) return found;
    this.#newest = key;
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return found;
  }

  /** Is no use: where the newest are worth keeping, whether they were asked for or not. */
  peek(key: string): Value | undefined {
    return this.#kept.get(key);
  }

  set(key: string, value: Value): void {
    this.#newest = key;
    this.#kept.delete(key);
    this.#kept.set(key, value);
    if (this.#kept.size <= this.#capacity) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }

  /** @param value only where it is still this one */
  delete(key: string, value?: Value): void {
    if (value === undefined || this.#kept.get(key) === value) this.#kept.delete(key);
  }

  deleteWhere(isMeant: (value: Value) => boolean): void {
    for (const [key, value] of this.#kept) if (isMeant(value)) this.#kept.delete(key);
  }

  clear(): void {
    this.#kept.clear();
  }
}
