// Keeps one process running until it is stopped: starts it again when it is killed or dies. One that says at
// its first start that it can't (exit status COULD_NOT_START) is taken at its word: it has said the reason.
// One that meets at its start what nobody had foreseen is tried some times more: after a power cut, or on a
// busy machine, that passes. One that has lived and then dies again and again is started after pauses that
// grow. Called by the launchers.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { COULD_NOT_START, DIED } from '../process/exit-status.ts';

/** How long a process may take to end what it has in hand. ms */
const GRACE_MS = 30_000;
/** A process that dies sooner than this after its start is given a pause before the next. ms */
const QUICK_DEATH_MS = 10_000;
const PAUSE_MS = 1_000;
/** From so many quick deaths in a row on, the pause doubles each time, up to the longest. */
const PATIENT_DEATHS = 5;
const LONGEST_PAUSE_MS = 60_000;
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
    let quickDeaths = 0;
    for (let lives = 1; ; lives += 1) {
      const startedAt = performance.now();
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
      if (stopping.aborted) return;
      const livedMs = Math.round(performance.now() - startedAt);
      const cannotStart = !hasLived && code === COULD_NOT_START;
      hasLived ||= livedMs >= QUICK_DEATH_MS || code === null || code === DIED;
      if (cannotStart || (!hasLived && lives === MOST_TRIES)) {
        failed = true;
        return;
      }
      quickDeaths = livedMs < QUICK_DEATH_MS ? quickDeaths + 1 : 0;
      const pauseMs = pauseAfter(quickDeaths);
      console.error(
        `millrace: ${child.spawnargs.at(-1)} ${endOf({ code, signal, livedMs, quickDeaths, pauseMs })}`,
      );
      // Aborted where it is to be stopped meanwhile.
      await sleep(pauseMs, undefined, { signal: stopping }).catch(() => {});
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

/** @param quickDeaths in a row. @returns how long to wait before the next start; ms */
export function pauseAfter(quickDeaths: number): number {
  if (quickDeaths === 0) return 0;
  return Math.min(PAUSE_MS * 2 ** Math.max(0, quickDeaths - PATIENT_DEATHS), LONGEST_PAUSE_MS);
}

type End = {
  code: number | null;
  signal: string | null;
  livedMs: number;
  quickDeaths: number;
  pauseMs: number;
};

/** For the log: how it ended, how often by now, and when it is started again. */
export function endOf({ code, signal, livedMs, quickDeaths, pauseMs }: End): string {
  const how = signal === null ? `with status ${code}` : `by ${signal}`;
  const killed = signal === 'SIGKILL' ? ' (another process, or the kernel for want of memory)' : '';
  const often = quickDeaths > 1 ? `, ${quickDeaths} times in a row; the reasons stand above` : '';
  const when = pauseMs > 1_000 ? ` in ${pauseMs / 1_000} s` : '';
  return `ended ${how}${killed} after ${livedMs} ms${often}: it is started again${when}`;
}
