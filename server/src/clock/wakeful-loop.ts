// A background service that looks for something to do, sleeps until there may be more, and can be woken: one
// pass at a time, and none is forgotten that was asked for during another. Knows nothing of what is looked
// for.

export type WakefulLoop = {
  /** Something may be due: look at once, or again as soon as this pass is over. */
  wake(): void;
  /** Resolves when the pass in hand is over; no other begins. */
  stop(): Promise<void>;
};

type Parts = {
  /** One pass. @returns how long until there may be something to do again. ms */
  look(isStopped: () => boolean): Promise<number>;
  onError(error: unknown): void;
  /** How long after a failed pass. ms */
  retryAfterMs: number;
};

/** Begins with a pass. */
export function startWakefulLoop({ look, onError, retryAfterMs }: Parts): WakefulLoop {
  let isStopped = false;
  let isGoing = false;
  let hasNews = false;
  let timer: NodeJS.Timeout | null = null;
  let going: Promise<void> = Promise.resolve();

  async function pass(): Promise<void> {
    let waitMs = retryAfterMs;
    try {
      waitMs = await look(() => isStopped);
    } catch (error) {
      onError(error);
    }
    isGoing = false;
    if (!isStopped) timer = setTimeout(begin, hasNews ? 0 : waitMs);
  }
  function begin(): void {
    if (isStopped || isGoing) return;
    if (timer !== null) clearTimeout(timer);
    isGoing = true;
    hasNews = false;
    going = pass();
  }
  begin();
  return {
    wake: () => {
      hasNews = true;
      begin();
    },
    stop: () => {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
      return going;
    },
  };
}
