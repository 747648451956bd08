// Which bundles must stay on this node's disk: those that are being fetched, started or are mounted. Counts
// only. Called by bundle-cache.ts and mounted-bundles.ts.

export class BundleHolds {
  readonly #holders = new Map<string, number>();

  isHeld(hash: string): boolean {
    return this.#holders.has(hash);
  }

  /** @returns how to let go; calling it again does nothing */
  hold(hash: string): () => void {
    this.#holders.set(hash, (this.#holders.get(hash) ?? 0) + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const others = (this.#holders.get(hash) ?? 1) - 1;
      if (others > 0) this.#holders.set(hash, others);
      else this.#holders.delete(hash);
    };
  }
}
