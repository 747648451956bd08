// Ends a process whose event loop has stood still for too long: whatever holds it, nothing else could. A
// thread of its own looks; it goes by its own turns, not by the clock, so that a process that was stopped, or
// a machine that was asleep, isn't taken for one that hangs. The launcher starts it again. Begun by the
// server's role.
import { Worker } from 'node:worker_threads';

export type LoopWatch = {
  /** Looks no more. */
  stop(): Promise<void>;
};

export type WatchSettings = {
  /** How long the loop may stand still. ms */
  patienceMs: number;
  /** What is written to standard error before the end; a line. */
  lastWords: string;
};

/** Looks in the time of one patience: the loop must have turned between the first and the last. */
export const LOOKS = 10;

export function watchLoop({ patienceMs, lastWords }: WatchSettings): LoopWatch {
  const turns = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const everyMs = patienceMs / LOOKS;
  const beat = setInterval(() => Atomics.add(turns, 0, 1), everyMs / 2);
  beat.unref();
  const watcher = new Worker(new URL('./loop-watch-thread.ts', import.meta.url), {
    env: {},
    workerData: { turns, everyMs, lastWords },
  });
  watcher.unref();
  return {
    async stop() {
      clearInterval(beat);
      await watcher.terminate();
    },
  };
}
