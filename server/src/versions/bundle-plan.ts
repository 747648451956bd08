// Which unpacked bundles go: those that no version holds any more, then, while the rest is over the limit,
// the ones that nobody has used for the longest time. Never one that is held. Pure. Called by
// bundle-cache.ts.

export type CachedBundle = {
  hash: string;
  diskBytes: number;
  /** Number of its latest use; 0: not since the start. */
  lastUse: number;
  /** Whether the database has it, so that it can come back. */
  isKnown: boolean;
  isHeld: boolean;
};

/** @returns the hashes to remove, in order */
export function bundlesToRemove(bundles: readonly CachedBundle[], limitBytes: number): string[] {
  const gone = bundles.filter(({ isKnown, isHeld }) => !isKnown && !isHeld).map(({ hash }) => hash);
  const kept = bundles.filter(({ hash }) => !gone.includes(hash));
  let excessBytes = kept.reduce((sum, { diskBytes }) => sum + diskBytes, 0) - limitBytes;
  const idle = kept.filter(({ isHeld }) => !isHeld).sort((a, b) => a.lastUse - b.lastUse);
  for (const { hash, diskBytes } of idle) {
    if (excessBytes <= 0) break;
    gone.push(hash);
    excessBytes -= diskBytes;
  }
  return gone;
}
