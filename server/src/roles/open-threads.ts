// Opens the pool of threads that large bodies are read in.
import { availableParallelism } from 'node:os';
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
