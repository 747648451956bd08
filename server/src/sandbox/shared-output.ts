// What an instance prints that has several runs in hand: its runtime sends what a run's code has printed as
// the run's own (LOG of contract/frames.cjs). What comes past the runtime, by child processes or straight to
// a descriptor, can't be distinguished: it stands in the log of the oldest run in hand, behind a line that
// says so. Owned by an instance; run-output.ts does the same for one run at a time.
import * as frames from '../../../contract/frames.cjs';
import { type LogLine, LogLines, type LogStream } from '../logs/log-lines.ts';
import { type RunKey, type RunOutputSettings, rest } from './run-output.ts';

/**
 * Runs that have ended and may still print, besides those that a time limit has ended: more than a runtime
 * remembers (overlapping-runs.cjs).
 */
const MOST_REMEMBERED = 150;
/** What a runtime may send of a run beyond the limit before it is taken for an attack. */
const GRACE_BYTES = 64 * 1024;
/** Of the end of stderr, which says what ended the process. */
const LAST_WORDS_BYTES = 8 * 1024;

export type SharedOutputSettings = RunOutputSettings & {
  /** Most runs in hand at a time. */
  concurrency: number;
};

type Printing = { runId: string; log: LogLines; sentBytes: number; isMarked: boolean };

export class SharedOutput {
  readonly #settings: SharedOutputSettings;
  /** By nonce; the oldest first. */
  readonly #open = new Map<string, Printing>();
  readonly #ended = new Map<string, Printing>();
  /** Those of the ended that have printed since they were last looked at. */
  readonly #late = new Set<Printing>();
  /** The run that ended last; null before the first has. */
  #lastEnded: Printing | null = null;
  /** What loading has printed, and what is printed before the first run begins: it is the first run's. */
  #startLog: LogLines;
  #lastWords = '';

  constructor(streams: Record<LogStream, NodeJS.ReadableStream>, settings: SharedOutputSettings) {
    this.#settings = settings;
    this.#startLog = this.#newLog();
    this.#collect('stdout', streams.stdout);
    this.#collect('stderr', streams.stderr);
  }

  get startLog(): LogLines {
    return this.#startLog;
  }

  /** @returns the log of the run that begins */
  begin({ runId, nonce }: RunKey): LogLines {
    if (this.#late.size > 0) this.handOverLate();
    const isFirst = this.#lastEnded === null && this.#open.size === 0;
    const log = isFirst ? this.#startLog : this.#newLog();
    this.#open.set(keyOf(nonce), { runId, log, sentBytes: 0, isMarked: false });
    return log;
  }

  /**
   * Takes what a run has printed.
   * @param payload of LOG
   * @returns whether there is, or lately was, such a run
   * @throws FrameError when it is more than an honest runtime sends
   */
  take(nonce: Buffer, payload: Buffer): boolean {
    const key = keyOf(nonce);
    const open = this.#open.get(key);
    const printing = open ?? this.#ended.get(key);
    if (printing === undefined || payload.length < 2) return false;
    const { logLimitBytes } = this.#settings;
    const bytes = payload.subarray(1);
    const roomBytes = Math.max(0, logLimitBytes - printing.sentBytes);
    printing.sentBytes += bytes.length;
    if (printing.sentBytes > logLimitBytes + GRACE_BYTES)
      throw new frames.FrameError('more output of a run than its limit');
    printing.log.push(payload[0] === 2 ? 'stderr' : 'stdout', bytes.subarray(0, roomBytes), Date.now());
    printing.log.droppedBytes += Math.max(0, bytes.length - roomBytes);
    if (open === undefined) this.#late.add(printing);
    return true;
  }

  /** The run hasn't begun, and won't: what was taken for its own is of the run that ended last. */
  disown({ nonce }: RunKey): void {
    const key = keyOf(nonce);
    const printing = this.#open.get(key);
    this.#open.delete(key);
    if (printing === undefined || this.#lastEnded === null) return;
    printing.log.end(Date.now());
    if (!printing.log.isEmpty) this.#settings.onLateLines(this.#lastEnded.runId, printing.log);
  }

  /** The run is over: its log is closed, and what comes from now on is late. */
  close({ nonce }: RunKey, droppedBytes: number): void {
    const key = keyOf(nonce);
    const printing = this.#open.get(key);
    if (printing === undefined) return;
    printing.log.droppedBytes += droppedBytes;
    printing.log.end(Date.now());
    this.#open.delete(key);
    const ended = { ...printing, log: this.#newLog(), isMarked: true };
    this.#lastEnded = ended;
    this.#ended.set(key, ended);
    if (this.#ended.size > MOST_REMEMBERED + this.#settings.concurrency) this.#forgetOldest();
  }

  /** Adds a line of the platform's own. */
  note(line: string): void {
    this.#logOfRaw('stderr').push('stderr', Buffer.from(`[millrace] ${line}\n`), Date.now());
  }

  /** Passes on what runs have printed since they ended. */
  handOverLate(): void {
    for (const { runId, log } of this.#late) {
      log.end(Date.now());
      if (!log.isEmpty) this.#settings.onLateLines(runId, log);
    }
    for (const printing of this.#late) printing.log = this.#newLog();
    this.#late.clear();
  }

  /** Lines come before the outcome of their run. */
  hasAll(): boolean {
    return true;
  }

  /** The end of what was printed past the runtime: a V8 that runs out of heap has its last words there. */
  lastWords(): LogLine[] {
    return [{ at: 0, stream: 'stderr', text: this.#lastWords }];
  }

  #forgetOldest(): void {
    const [key, oldest] = this.#ended.entries().next().value ?? [];
    if (key === undefined || oldest === undefined) return;
    if (this.#late.has(oldest)) this.handOverLate();
    this.#ended.delete(key);
  }

  #newLog(): LogLines {
    return new LogLines(this.#settings.logLimitBytes, this.#settings.mask);
  }

  #collect(stream: LogStream, from: NodeJS.ReadableStream): void {
    // Its end is known by the exit of the sandbox.
    from.on('error', () => {});
    from.on('data', (chunk: Buffer) => {
      if (stream === 'stderr')
        this.#lastWords = (this.#lastWords + chunk.toString('latin1')).slice(-LAST_WORDS_BYTES);
      const log = this.#logOfRaw(stream);
      log.push(stream, chunk, Date.now());
      // What is thrown away needn't be read fast.
      if (log.droppedBytes > 0) rest(from);
    });
  }

  #logOfRaw(stream: LogStream): LogLines {
    const oldest = this.#open.values().next().value;
    if (oldest !== undefined) {
      if (this.#open.size > 1) markAsShared(oldest, stream, this.#open.size);
      return oldest.log;
    }
    if (this.#lastEnded === null) return this.#startLog;
    this.#late.add(this.#lastEnded);
    return this.#lastEnded.log;
  }
}

function markAsShared(printing: Printing, stream: LogStream, runs: number): void {
  if (printing.isMarked) return;
  printing.isMarked = true;
  const mark = `[millrace] ${runs} runs overlap here: lines that were not printed by the console may be another run's\n`;
  printing.log.push(stream, Buffer.from(mark), Date.now());
}

function keyOf(nonce: Buffer): string {
  return nonce.toString('latin1');
}
