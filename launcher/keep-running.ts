// Keeps one process running until it is stopped: starts it again when it is killed or dies. One that says at
// its first start that it can't (exit status COULD_NOT_START) is taken at its word: it has said the reason.
// One that meets at its start what nobody had foreseen is tried some times more: after a power cut, or on a
// busy machine, that passes. Called by the launchers.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { COULD_NOT_START, DIED } from '../process/exit-status.ts';

/** How long a process may take to end what it has in hand. ms */
const GRACE_MS = 30_000;
/** A process that dies sooner than this after its start is given a pause before the next. ms */
const QUICK_DEATH_MS = 10_000;
const PAUSE_MS = 1_000;
/** Quick deaths in a row, from the first start on, after which there is no hope. */
const MOST_TRIES = 5;

export type Kept = {
  /** Resolves when it is not started again: stopped, or failed. */
  ended: Promise<void>;
  readonly failed: boolean;
  /** Ends it, gently first. */
  stop(): Promise<void>;
};

/** @param stopping aborted before it is stopped, so that its end isn't taken for a death */
export function keepRunning(start: () => ChildProcess, stopping: AbortSignal): Kept {
  let child = start();
  let failed = false;
  const life = async (): Promise<void> => {
    let hasLived = false;
    for (let lives = 1; ; lives += 1) {
      const startedAt = performance.now();
      const [code] = (await once(child, 'exit')) as [number | null];
      if (stopping.aborted) return;
      const livedMs = Math.round(performance.now() - startedAt);
      const cannotStart = !hasLived && code === COULD_NOT_START;
      hasLived ||= livedMs >= QUICK_DEATH_MS || code === null || code === DIED;
      if (cannotStart || (!hasLived && lives === MOST_TRIES)) {
        failed = true;
        return;
      }
      console.error(`millrace: ${child.spawnargs.at(-1)} ended after ${livedMs} ms and is started again`);
      if (livedMs < QUICK_DEATH_MS) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      if (stopping.aborted) return;
      child = start();
    }
  };
  const ended = life();
  return {
    ended,
    get failed() {
      return failed;
    },
    stop: async () => {
      // One that has an input of ours is known by the end of it.
      if (child.stdin === null) child.kill('SIGTERM');
      else child.stdin.end();
      const harder = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await ended;
      clearTimeout(harder);
    },
  };
}
