// Keeps a few blank sandboxes of the kinds asked for lately, each with its runtime started and no code yet,
// so that a function that nobody has called before needs only its code. Bounded by number and by memory.
// Called by supervised-driver alone.
//
//   a blank:  starting -> waiting -> taken        (or ended: unwanted, too much, or dead)
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import {
  type BlankClass,
  type BlankLimits,
  classOf,
  type Demand,
  isSameClass,
  planBlanks,
  recentDemands,
  withDemand,
} from './blank-demand.ts';
import type { SandboxProcess, SandboxSpec } from './sandbox-driver.ts';

/** What a blank is taken to hold before any was measured. MiB */
const UNMEASURED_MB = 64;
/** Between a sandbox asked for and the next blank: its function shall start first, a caller waits for it. */
const REFILL_AFTER_MS = 100;
/** How often classes are forgotten, blanks measured, and failed starts tried again. */
const TICK_MS = 5_000;

export type BlankStockParams = {
  limits: BlankLimits;
  /** Builds a jail without code and starts its runtime. */
  prepare(kind: BlankClass): Promise<SandboxProcess>;
  /** Unix time in ms. */
  clock: () => number;
  log: Logger;
};

/** Ends a sandbox that was never used. Nobody has read from its streams, so nobody would see their end. */
export function discard(process: SandboxProcess): void {
  process.kill();
  for (const stream of [process.control, process.stdout, process.stderr]) stream.destroy();
}

type Blank = { class: BlankClass; process: SandboxProcess };

export class BlankStock {
  readonly #params: BlankStockParams;
  readonly #ticker: NodeJS.Timeout;
  readonly #closing = new AbortController();
  /** What one more is taken to hold. MiB */
  #largestMb = UNMEASURED_MB;
  #demands: Demand[] = [];
  #waiting: Blank[] = [];
  #refilling: Promise<void> | null = null;

  constructor(params: BlankStockParams) {
    this.#params = params;
    this.#ticker = setInterval(() => this.#refill(0), TICK_MS);
    this.#ticker.unref();
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.length;
  }

  /**
   * A waiting sandbox of the spec's class, or null; either way the class is one to keep blanks of. The taker
   * owns it.
   */
  take(spec: SandboxSpec): SandboxProcess | null {
    if (this.#params.limits.most === 0 || this.#closing.signal.aborted) return null;
    const wanted = classOf(spec);
    this.#demands = withDemand(this.#demands, { class: wanted, lastUsedAt: this.#params.clock() });
    const blank = this.#waiting.find((one) => isSameClass(one.class, wanted));
    if (blank !== undefined) this.#remove(blank);
    this.#refill(REFILL_AFTER_MS);
    return blank?.process ?? null;
  }

  /** Ends what is waiting; afterwards nothing is started any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#ticker);
    await this.#refilling;
    for (const blank of [...this.#waiting]) this.#end(blank);
  }

  #refill(afterMs: number): void {
    this.#refilling ??= this.#fill(afterMs).finally(() => {
      this.#refilling = null;
    });
  }

  async #fill(afterMs: number): Promise<void> {
    const { signal } = this.#closing;
    if (afterMs > 0) await delay(afterMs, undefined, { signal, ref: false }).catch(() => {});
    try {
      for (let next = this.#next(); next !== null && !signal.aborted; next = this.#next()) {
        await this.#prepare(next);
      }
    } catch (error) {
      this.#params.log.warn({ err: error }, 'no blank sandbox can be built');
    }
  }

  /** Ends what is wanted no longer. @returns the class to start one of, or null when there are enough */
  #next(): BlankClass | null {
    const { limits, clock } = this.#params;
    this.#demands = recentDemands(this.#demands, clock());
    const measured = this.#waiting.map((blank) => ({ ...blank, heldMb: this.#heldMb(blank.process) }));
    const plan = planBlanks(this.#demands, measured, { ...limits, startMb: this.#largestMb });
    for (const blank of plan.end) this.#end(blank);
    return plan.start;
  }

  async #prepare(kind: BlankClass): Promise<void> {
    const process = await this.#params.prepare(kind);
    const blank = { class: kind, process };
    this.#waiting.push(blank);
    void process.exited.then(() => this.#waiting.includes(blank) && this.#end(blank));
    this.#params.log.debug({ sandbox: process.id, engine: kind.engine }, 'a blank sandbox is waiting');
  }

  #end(blank: Blank): void {
    this.#remove(blank);
    discard(blank.process);
  }

  #remove(blank: Blank): void {
    this.#waiting = this.#waiting.filter((one) => one.process !== blank.process);
  }

  #heldMb(process: SandboxProcess): number {
    const peakBytes = process.memoryPeakBytes();
    if (peakBytes === null) return this.#largestMb;
    const heldMb = Math.ceil(peakBytes / (1024 * 1024));
    this.#largestMb = Math.max(this.#largestMb, heldMb);
    return heldMb;
  }
}
