// What an instance prints, and whose it is: what loading printed belongs to the first run, what is printed
// between two runs to the one before (docs/specs/lambda.md 1.3). Knows how much has arrived, so that a run's
// log is closed when it is whole. A flood is left waiting in the function, not in the platform. Owned by an
// instance.
import { type LogLine, LogLines, type LogStream } from '../logs/log-lines.ts';
import type { SecretMask } from '../logs/secret-mask.ts';

/** How long a stream rests whose run has printed more than its limit. ms */
const FLOOD_PAUSE_MS = 5;

export type RunOutputSettings = {
  logLimitBytes: number;
  /** What hides the function's secrets; null: it has none. */
  mask: SecretMask | null;
  /** Called with what a run printed after its end. */
  onLateLines(runId: string, log: LogLines): void;
  /** Called whenever something has arrived. */
  onArrival(): void;
};

/** A run as its instance knows it. */
export type RunKey = { runId: string; nonce: Buffer };

export class RunOutput {
  readonly #settings: RunOutputSettings;
  readonly #received: Record<LogStream, number> = { stdout: 0, stderr: 0 };
  #log: LogLines;
  /** The run that ended last; null before the first has, and while one is in hand. */
  #lateOf: string | null = null;
  /** The run before the one in hand; null: that is the first. */
  #formerId: string | null = null;

  constructor(streams: Record<LogStream, NodeJS.ReadableStream>, settings: RunOutputSettings) {
    this.#settings = settings;
    this.#log = this.#newLog();
    this.#collect('stdout', streams.stdout);
    this.#collect('stderr', streams.stderr);
  }

  /** What loading has printed: the log that the first run goes on with. */
  get startLog(): LogLines {
    return this.#log;
  }

  /** What has been printed so far: a V8 that runs out of heap has its last words there. */
  lastWords(): readonly LogLine[] {
    return this.#log.lines;
  }

  /** @returns the log of the run that begins */
  begin(): LogLines {
    this.handOverLate();
    this.#formerId = this.#lateOf;
    this.#lateOf = null;
    return this.#log;
  }

  /** The run in hand hasn't begun, and won't: what was printed since is of the run before. */
  disown(_run: RunKey): void {
    this.#lateOf = this.#formerId;
    this.handOverLate();
  }

  /** The run is over: its log is closed, and what comes from now on is late. */
  close({ runId }: RunKey): void {
    this.#log.end(Date.now());
    this.#log = this.#newLog();
    this.#lateOf = runId;
  }

  /** Adds a line of the platform's own. */
  note(line: string): void {
    this.#log.push('stderr', Buffer.from(`[millrace] ${line}\n`), Date.now());
  }

  /** Passes on what was printed since the last run ended. */
  handOverLate(): void {
    if (this.#lateOf === null) return;
    const log = this.#log;
    log.end(Date.now());
    if (log.isEmpty) return;
    this.#settings.onLateLines(this.#lateOf, log);
    this.#log = this.#newLog();
  }

  /** Whether everything is here that the runtime says it has printed since it started, loading included. */
  hasAll(printed: { stdoutBytes: number; stderrBytes: number }): boolean {
    return this.#received.stdout >= printed.stdoutBytes && this.#received.stderr >= printed.stderrBytes;
  }

  #newLog(): LogLines {
    return new LogLines(this.#settings.logLimitBytes, this.#settings.mask);
  }

  #collect(stream: LogStream, from: NodeJS.ReadableStream): void {
    // Its end is known by the exit of the sandbox.
    from.on('error', () => {});
    from.on('data', (chunk: Buffer) => {
      this.#received[stream] += chunk.length;
      this.#log.push(stream, chunk, Date.now());
      this.#settings.onArrival();
      // What is thrown away needn't be read fast.
      if (this.#log.droppedBytes > 0) rest(from);
    });
  }
}

/** Lets a stream wait that is a flood. */
export function rest(from: NodeJS.ReadableStream): void {
  from.pause();
  setTimeout(() => from.resume(), FLOOD_PAUSE_MS).unref();
}
