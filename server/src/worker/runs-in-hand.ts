// The runs that a worker has claimed and not ended, counted by function and account, and how long runs of a
// function take. Counts; executes nothing.
import { LatelyUsed } from '../memory/lately-used.ts';
import type { ClaimedRun } from '../queue/claimed-run.ts';
import type { InHand } from './claim-room.ts';

export type RunInHand = {
  run: ClaimedRun;
  /** Of {@link performance.now}. */
  sinceMs: number;
  /** It is another node's by now: what comes of it here is not written. */
  isAbandoned: boolean;
};

/** Functions whose mean is kept; the oldest goes. */
const MEANS = 1_000;
/** Weight of the newest run in the mean. */
const NEWEST_WEIGHT = 0.2;

export class RunsInHand {
  readonly #entries = new Set<RunInHand>();
  readonly #functions = new Map<string, number>();
  readonly #accounts = new Map<string, number>();
  readonly #meanMs = new LatelyUsed<number>(MEANS);
  #onEmpty: (() => void) | null = null;

  get size(): number {
    return this.#entries.size;
  }

  add(run: ClaimedRun): RunInHand {
    const entry = { run, sinceMs: performance.now(), isAbandoned: false };
    this.#entries.add(entry);
    count(this.#functions, run.functionId, 1);
    count(this.#accounts, run.accountId, 1);
    return entry;
  }

  remove(entry: RunInHand): void {
    if (!this.#entries.delete(entry)) return;
    const { functionId, accountId } = entry.run;
    this.#note(functionId, performance.now() - entry.sinceMs);
    count(this.#functions, functionId, -1);
    count(this.#accounts, accountId, -1);
    if (this.#entries.size === 0) this.#onEmpty?.();
  }

  /** @returns those that were not abandoned before */
  abandonAll(): ClaimedRun[] {
    const abandoned = [...this.#entries].filter((entry) => !entry.isAbandoned);
    for (const entry of abandoned) entry.isAbandoned = true;
    return abandoned.map(({ run }) => run);
  }

  stats(): Omit<InHand, 'going' | 'worth'> {
    return {
      functions: this.#functions,
      accounts: this.#accounts,
      total: this.#entries.size,
      meanMs: { get: (functionId) => this.#meanMs.peek(functionId) },
    };
  }

  /** @returns whether there was nothing left in time */
  async untilEmpty(timeoutMs: number): Promise<boolean> {
    if (this.#entries.size === 0) return true;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return this.#entries.size === 0;
  }

  #note(functionId: string, tookMs: number): void {
    const mean = this.#meanMs.peek(functionId);
    this.#meanMs.set(functionId, mean === undefined ? tookMs : mean + (tookMs - mean) * NEWEST_WEIGHT);
  }
}

function count(counts: Map<string, number>, key: string, change: 1 | -1): void {
  const counted = (counts.get(key) ?? 0) + change;
  if (counted === 0) counts.delete(key);
  else counts.set(key, counted);
}
