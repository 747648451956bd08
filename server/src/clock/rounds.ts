// A background service that does the same thing at its start and then every so often: one round at a time,
// and its end waits for the one in hand. Knows nothing of what is done. For what is looked for as soon as
// there may be something: wakeful-loop.ts.

export type Rounds = { stop(): Promise<unknown> };

type Parts = {
  /** From the beginning of one round to that of the next. A round that takes longer is let end. */
  everyMs: number;
  round(stopping: AbortSignal): Promise<unknown>;
  onError(error: unknown): void;
};

/** For what clears away the old. */
export const HOURLY_MS = 3_600_000;

export function startRounds({ everyMs, round, onError }: Parts): Rounds {
  const stopping = new AbortController();
  let going: Promise<unknown> | null = null;
  const begin = (): void => {
    going ??= round(stopping.signal)
      .catch(onError)
      .finally(() => {
        going = null;
      });
  };
  const timer = setInterval(begin, everyMs);
  begin();
  return {
    stop: async () => {
      clearInterval(timer);
      stopping.abort();
      await going;
    },
  };
}

/**
 * A batch at a time, so that it never holds others up.
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
