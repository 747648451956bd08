// Loads that are under way: who asks for the same meanwhile gets the same answer, and what was read before a
// change is never kept after it. Knows nothing of what is loaded.

export class SharedLoads<Value> {
  readonly #underway = new Map<string, Promise<Value>>();

  /**
   * Loads, or waits with those who asked before.
   * @param keep called with what was loaded, unless it was forgotten meanwhile: what was read may then be
   * from before the change, and
   *   answers only those who asked before it
   */
  load(key: string, ask: (key: string) => Promise<Value>, keep: (value: Value) => void): Promise<Value> {
    const running = this.#underway.get(key);
    if (running !== undefined) return running;
    const loading: Promise<Value> = ask(key)
      .then((loaded) => {
        if (this.#underway.get(key) === loading) keep(loaded);
        return loaded;
      })
      .finally(() => {
        if (this.#underway.get(key) === loading) this.#underway.delete(key);
      });
    this.#underway.set(key, loading);
    return loading;
  }

  /** It has changed. */
  forget(key: string): void {
    this.#underway.delete(key);
  }

  /** Any may have. */
  forgetAll(): void {
    this.#underway.clear();
  }
}
