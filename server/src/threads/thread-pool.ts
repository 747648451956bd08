// Runs what takes longer than the server's own thread may stand still: the reading of large bodies, import
// files and code that callers send. A few threads, in turns over accounts; a job that takes too long, or too
// much memory, ends with its thread and nothing else. Made in roles/, handed to the doors and APIs that read
// such things.
import { Worker } from 'node:worker_threads';
import { Failure, fail } from '../errors/failure.ts';
import { TurnsQueue } from '../memory/turns-queue.ts';
import { type Job, type JobAnswer, outputOf } from './job.ts';

export type ThreadPoolLimits = {
  threads: number;
  /** How long one job may take once it has a thread. */
  jobMs: number;
  /** Heap of one thread. */
  heapMb: number;
  /** Jobs of one account that may wait. */
  waitingPerAccount: number;
  /** How long a thread without work is kept: its heap goes with it. */
  idleMs: number;
};

/** Runs jobs, for those who need no more of the pool. */
export type Threads = {
  /**
   * @param accountId whose work it is
   * @throws Failure the job's own, `too_many_requests` when too many of the account wait, `payload_too_large`
   * for work beyond the bounds
   */
  run<Input, Output>(job: Job<Input, Output>, accountId: string, input: Input): Promise<Awaited<Output>>;
};

type Waiting = {
  accountId: string;
  request: { module: string; name: string; input: unknown };
  resolve(output: unknown): void;
  reject(error: unknown): void;
};

export const THREAD_LIMITS: Omit<ThreadPoolLimits, 'threads'> = {
  jobMs: 10_000,
  heapMb: 256,
  waitingPerAccount: 64,
  idleMs: 5_000,
};

export class ThreadPool implements Threads {
  readonly #limits: ThreadPoolLimits;
  readonly #queue = new TurnsQueue<Waiting>();
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  #isClosed = false;

  constructor(limits: ThreadPoolLimits) {
    this.#limits = limits;
  }

  run<Input, Output>(job: Job<Input, Output>, accountId: string, input: Input): Promise<Awaited<Output>> {
    if (this.#isClosed) fail('unavailable', { message: 'the server is stopping' });
    if (this.#queue.sizeOf(accountId) >= this.#limits.waitingPerAccount) {
      fail('too_many_requests', {
        message: 'too many large requests of the account wait to be read',
        facts: { limit: this.#limits.waitingPerAccount, retryAfterS: 1 },
      });
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({
        accountId,
        request: { module: job.module, name: job.name, input },
        resolve: (output) => resolve(output as Awaited<Output>),
        reject,
      });
      this.#next();
    });
  }

  /** Ends all threads; what waits is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const stopping = new Failure('unavailable', { message: 'the server is stopping' });
    for (let one = this.#queue.shift(); one !== undefined; one = this.#queue.shift()) one.reject(stopping);
    await Promise.all([...this.#all].map((thread) => thread.terminate()));
  }

  /** Gives the next job to a thread, if there is one free or to be had. */
  #next(): void {
    if (this.#queue.size === 0 || this.#isClosed) return;
    const thread = this.#idle.pop() ?? (this.#all.size < this.#limits.threads ? this.#start() : null);
    const waiting = thread === null ? undefined : this.#queue.shift();
    if (thread !== null && waiting !== undefined) this.#work(thread, waiting);
  }

  #start(): Worker {
    const thread = new Worker(new URL('./job-thread.ts', import.meta.url), {
      // It needs nothing of the process's settings, which hold secrets.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.heapMb },
    });
    this.#all.add(thread);
    thread.once('exit', () => {
      this.#all.delete(thread);
      this.#takeFromStock(thread);
      this.#next();
    });
    // Its user listens; one that dies idle is no one's loss.
    thread.on('error', () => {});
    return thread;
  }

  #work(thread: Worker, { request, resolve, reject }: Waiting): void {
    thread.ref();
    const late = setTimeout(() => {
      done();
      reject(tooMuch('time'));
      void thread.terminate();
    }, this.#limits.jobMs);
    const onMessage = (answer: JobAnswer): void => {
      done();
      this.#rest(thread);
      try {
        resolve(outputOf(answer));
      } catch (error) {
        reject(error);
      }
    };
    const onError = (error: Error & { code?: string }): void => {
      done();
      reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooMuch('memory') : error);
    };
    const onExit = (): void => {
      done();
      reject(new Failure('unavailable', { message: 'the server is stopping' }));
    };
    const done = (): void => {
      clearTimeout(late);
      thread.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
    thread.on('message', onMessage).on('error', onError).on('exit', onExit);
    thread.postMessage(request);
  }

  /** Back in stock, for a while. */
  #rest(thread: Worker): void {
    this.#idle.push(thread);
    thread.unref();
    this.#next();
    const leave = setTimeout(() => this.#leave(thread), this.#limits.idleMs);
    leave.unref();
    thread.once('message', () => clearTimeout(leave));
    thread.once('exit', () => clearTimeout(leave));
  }

  #leave(thread: Worker): void {
    if (this.#takeFromStock(thread)) void thread.terminate();
  }

  /** @returns whether it was in stock */
  #takeFromStock(thread: Worker): boolean {
    const at = this.#idle.indexOf(thread);
    if (at !== -1) this.#idle.splice(at, 1);
    return at !== -1;
  }
}

function tooMuch(what: 'time' | 'memory'): Failure {
  return new Failure('payload_too_large', {
    message: `the request takes more ${what} to be read than one request may: send less at a time`,
  });
}
