// What an instance waits for: the loading of the code, or the ends of the runs that it has in hand, each
// found by its nonce and ended once, by a frame, by its time limit, or with the sandbox. One timer looks
// after all of them and is set again only when it has rung: a timer made and cleared for every run would be
// felt. Owned by an instance; knows no frames and no process.
import type { OutcomeHead } from '../../../contract/frames.cjs';
import type { RunAsks } from './run-asks.ts';

export type Ending =
  | { how: 'frame'; type: number; head: OutcomeHead; body: Buffer }
  /** The run's own process has ended without a word; the sandbox goes on. */
  | { how: 'exited'; exitCode: number }
  | { how: 'garbage'; message: string }
  /** With the sandbox; where runs overlap: whether the runtime had said that it calls the run's code. */
  | { how: 'closed'; hasBegun: boolean }
  | { how: 'timeout' }
  /** It was asked to end, and the sandbox is needed by others. */
  | { how: 'cancelled' };

export type AwaitedEnding = {
  nonce: Buffer;
  /** null: it is the loading of the code. */
  runId: string | null;
  asks: RunAsks | null;
  /** The runtime has said that it calls the run's code. Said where runs overlap. */
  hasBegun: boolean;
  end(ending: Ending): void;
};

type Timed = AwaitedEnding & { endsAtMs: number };

export class AwaitedEndings {
  readonly #byNonce = new Map<string, Timed>();
  #timer: NodeJS.Timeout | undefined;
  /** When the timer rings, on the clock of `performance`. */
  #ringsAtMs = Number.POSITIVE_INFINITY;

  get size(): number {
    return this.#byNonce.size;
  }

  /** Those whose code has been called. */
  get begun(): number {
    return [...this.#byNonce.values()].filter(({ hasBegun }) => hasBegun).length;
  }

  find(nonce: Buffer): AwaitedEnding | undefined {
    return this.#byNonce.get(keyOf(nonce));
  }

  findRun(runId: string): AwaitedEnding | undefined {
    return [...this.#byNonce.values()].find((awaited) => awaited.runId === runId);
  }

  /** @returns whether there is such a run */
  noteBegun(nonce: Buffer): boolean {
    const begun = this.find(nonce);
    if (begun !== undefined) begun.hasBegun = true;
    return begun !== undefined;
  }

  /** Waits for what ends it, `timeoutMs` at most. */
  expect(what: Omit<AwaitedEnding, 'end' | 'hasBegun'>, timeoutMs: number): Promise<Ending> {
    const key = keyOf(what.nonce);
    const endsAtMs = performance.now() + timeoutMs;
    this.#ringAt(endsAtMs);
    return new Promise((resolve) => {
      const end = (ending: Ending): void => {
        if (this.#byNonce.delete(key)) resolve(ending);
      };
      const { nonce, runId, asks } = what;
      this.#byNonce.set(key, { nonce, runId, asks, endsAtMs, hasBegun: false, end });
    });
  }

  #ringAt(ms: number): void {
    if (this.#ringsAtMs <= ms) return;
    clearTimeout(this.#timer);
    this.#ringsAtMs = ms;
    // It may ring when all has ended long ago, and keeps no process alive for that.
    this.#timer = setTimeout(
      () => {
        this.#ringsAtMs = Number.POSITIVE_INFINITY;
        // What has come while this process itself stood still is read before it is too late.
        setImmediate(() => this.#endOverdue());
      },
      Math.ceil(ms - performance.now()),
    ).unref();
  }

  #endOverdue(): void {
    const now = performance.now();
    for (const awaited of [...this.#byNonce.values()]) {
      if (awaited.endsAtMs <= now) awaited.end({ how: 'timeout' });
      else this.#ringAt(awaited.endsAtMs);
    }
  }

  /** The sandbox has gone. */
  endClosed(): void {
    for (const awaited of [...this.#byNonce.values()])
      awaited.end({ how: 'closed', hasBegun: awaited.hasBegun });
  }

  endAll(ending: Ending): void {
    for (const awaited of [...this.#byNonce.values()]) awaited.end(ending);
  }
}

function keyOf(nonce: Buffer): string {
  return nonce.toString('latin1');
}
