// Opens the threads of a server: those that large bodies are read in, and the one that ends it when its event
// loop stands still.
import { availableParallelism } from 'node:os';
import type { Config } from '../config/config.ts';
import { watchLoop } from '../threads/loop-watch.ts';
import { THREAD_LIMITS, ThreadPool, type Threads } from '../threads/thread-pool.ts';
import type { Endings } from './platform.ts';

/** More are of no use: the rest of the machine runs functions. */
const MOST_THREADS = 4;

export function openThreads(endings: Endings): Threads {
  const threads = Math.max(1, Math.min(MOST_THREADS, availableParallelism() - 1));
  const pool = new ThreadPool({ ...THREAD_LIMITS, threads });
  endings.push(() => pool.close());
  return pool;
}

/** For uploads, which take seconds: calls that have large bodies don't wait behind them. */
export function openUploadThreads(endings: Endings): Threads {
  const pool = new ThreadPool({ ...THREAD_LIMITS, threads: 1 });
  endings.push(() => pool.close());
  return pool;
}

/** Longer than its lease, others have its runs: what it still holds up are its callers. */
export function startLoopWatch({ limits }: Config, endings: Endings): void {
  const patienceMs = limits.nodeLeaseMs;
  const lastWords = `millrace: the server has not turned its event loop for ${patienceMs} ms: it is ended`;
  const watch = watchLoop({ patienceMs, lastWords });
  endings.push(() => watch.stop());
}
