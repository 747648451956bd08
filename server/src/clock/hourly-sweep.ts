// A background service that clears away what is old, at its start and once an hour, a batch at a time so that it never holds others up.
// Knows nothing of what is cleared.
const EVERY_MS = 3_600_000;

export type HourlySweep = { stop(): Promise<unknown> };

type Parts = {
  sweep(stopping: AbortSignal): Promise<unknown>;
  onError(error: unknown): void;
};

export function startHourlySweep({ sweep, onError }: Parts): HourlySweep {
  const stopping = new AbortController();
  let sweeping: Promise<unknown> = Promise.resolve();
  const begin = (): void => {
    sweeping = sweeping.then(() => sweep(stopping.signal)).catch(onError);
  };
  const timer = setInterval(begin, EVERY_MS);
  begin();
  return {
    stop: () => {
      clearInterval(timer);
      stopping.abort();
      return sweeping;
    },
  };
}

/**
 * @param removeBatch removes at most `batch` and returns how many
 * @returns how many were removed in all
 */
export async function sweepInBatches(
  removeBatch: (batch: number) => Promise<number>,
  batch: number,
  stopping: AbortSignal,
): Promise<number> {
  let total = 0;
  while (!stopping.aborted) {
    const removed = await removeBatch(batch);
    total += removed;
    if (removed < batch) break;
  }
  return total;
}
