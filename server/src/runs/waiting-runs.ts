// The runs that wait to be written, in order, with their weight in memory: bounded by number and by bytes.
// Near the bound, logs of further runs are cut to a note, so that the runs themselves still find room.
// Decides; writes nothing.
import type { LogLine } from '../logs/log-lines.ts';
import type { Run } from './run.ts';
import type { RecordedRun } from './run-store.ts';

export type WaitingLimits = {
  /** Runs that may wait. */
  runs: number;
  /** What all waiting runs and their logs may take. */
  bytes: number;
  /** Runs and bytes of one batch; a run that is larger goes alone. */
  batchRuns: number;
  batchBytes: number;
};

/** Of the bytes: what logs may fill. The rest is for runs without theirs. */
const LOG_SHARE = 0.75;
/** What a run takes without its texts, and a line without its text: measured, as objects and as JSON. */
const RUN_BYTES = 1024;
const LINE_BYTES = 64;
const NOTED_ERROR_CHARACTERS = 2000;

/** A run that waits, with what it takes. */
export type WeighedRun = { recorded: RecordedRun; bytes: number };

export class WaitingRuns {
  readonly #limits: WaitingLimits;
  #waiting: WeighedRun[] = [];
  #bytes = 0;

  constructor(limits: WaitingLimits) {
    this.#limits = limits;
  }

  get isFull(): boolean {
    return this.#waiting.length >= this.#limits.runs || this.#bytes >= this.#limits.bytes;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Takes any run: its beginner asks {@link isFull} before. */
  push(recorded: RecordedRun): WeighedRun {
    const whole = weigh(recorded);
    const fits = this.#bytes + whole.bytes <= this.#limits.bytes * LOG_SHARE;
    const kept = fits ? whole : weigh(withoutLog(recorded, 'the database could not take it in time'));
    this.#waiting.push(kept);
    this.#bytes += kept.bytes;
    return kept;
  }

  /** Adds the input of a waiting run, where there is room. Before the run is handed out by {@link batch}. */
  keepInput(weighed: WeighedRun, input: Buffer | null): void {
    if (input === null || this.#bytes + input.length > this.#limits.bytes * LOG_SHARE) return;
    weighed.recorded.input = input;
    weighed.bytes += input.length;
    this.#bytes += input.length;
  }

  /**
   * The oldest, as many as one batch holds, none of them twice; they stay until {@link drop} says that they
   * are dealt with.
   * @param most no more than so many
   */
  batch(most: number = this.#waiting.length): RecordedRun[] {
    const ids = new Set<string>();
    let bytes = 0;
    for (const weighed of this.#waiting) {
      bytes += weighed.bytes;
      const isOver = bytes > this.#limits.batchBytes || ids.size >= Math.min(most, this.#limits.batchRuns);
      // A run that could not be written as running is there again as finished: one statement can't write a
      // row twice.
      if ((isOver && ids.size > 0) || ids.has(weighed.recorded.run.id)) break;
      ids.add(weighed.recorded.run.id);
    }
    return this.#waiting.slice(0, ids.size).map(({ recorded }) => recorded);
  }

  /** Forgets the oldest. */
  drop(count: number): void {
    for (const { bytes } of this.#waiting.splice(0, count)) this.#bytes -= bytes;
  }
}

/** The run with a note in the place of its log; its error is cut in place to what a reader needs. */
export function withoutLog(
  { run, lines, truncated, countsFaults }: RecordedRun,
  reason: string,
): RecordedRun {
  const hadLog = lines.length > 0 || truncated;
  const at = run.endedAtMs ?? run.createdAtMs;
  const note: LogLine = {
    at,
    stream: 'stderr',
    text: `[millrace] the log of this run was not kept: ${reason}`,
  };
  // Not a copy: what is slow to ask for is still written into this run.
  run.error = cutError(run.error);
  const kept: RecordedRun = { run, lines: hadLog ? [note] : [], truncated: false };
  if (countsFaults === true) kept.countsFaults = true;
  return kept;
}

function cutError(error: Run['error']): Run['error'] {
  if (error === null) return null;
  const cut = (text: string): string => text.slice(0, NOTED_ERROR_CHARACTERS);
  return { type: cut(error.type), message: cut(error.message), stack: cut(error.stack) };
}

function weigh(recorded: RecordedRun): WeighedRun {
  const { run, lines } = recorded;
  let bytes =
    RUN_BYTES +
    (recorded.result?.length ?? 0) +
    (run.error === null ? 0 : run.error.message.length + run.error.stack.length);
  bytes += weightOf(lines);
  return { recorded, bytes };
}

/** What lines take in memory, in bytes, about. */
export function weightOf(lines: readonly { text: string }[]): number {
  return lines.reduce((sum, { text }) => sum + LINE_BYTES + text.length, 0);
}
