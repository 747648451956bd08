// The log of one set that is being built: lines as they come, written every half second, cut at a limit.
// Called by build-set.ts.
import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.ts';
import { LogLines, type LogStream } from '../logs/log-lines.ts';
import type { SetLine } from './package-set-store.ts';

const FLUSH_MS = 500;
/** A line longer than that is cut: nobody reads it. */
const LINE_CHARACTERS = 4000;

export type BuildLogParts = {
  limitBytes: number;
  clock: Clock;
  /** Stores lines; `from` is the first one's number. */
  write(from: number, lines: readonly SetLine[]): Promise<void>;
  log: Logger;
};

export class BuildLog {
  readonly #parts: BuildLogParts;
  readonly #printed: LogLines;
  readonly #timer: NodeJS.Timeout;
  #waiting: SetLine[] = [];
  #taken = 0;
  #written = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: BuildLogParts) {
    this.#parts = parts;
    this.#printed = new LogLines(parts.limitBytes);
    this.#timer = setInterval(() => this.#flush(), FLUSH_MS);
  }

  /** What the build prints. */
  push(stream: LogStream, chunk: Buffer): void {
    this.#printed.push(stream, chunk, this.#parts.clock());
    this.#take();
  }

  /** What the platform says about it. */
  say(text: string): void {
    this.#take();
    for (const line of text.split('\n')) {
      this.#waiting.push({
        at: this.#parts.clock(),
        stream: 'platform',
        text: line.slice(0, LINE_CHARACTERS),
      });
    }
  }

  /** Everything printed is stored when it resolves. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    this.#printed.end(this.#parts.clock());
    this.#take();
    if (this.#printed.droppedBytes > 0) this.say(`${this.#printed.droppedBytes} more bytes were printed`);
    this.#flush();
    await this.#writing;
  }

  #take(): void {
    const fresh = this.#printed.lines.slice(this.#taken);
    this.#taken += fresh.length;
    this.#waiting.push(...fresh.map((line) => ({ ...line, text: line.text.slice(0, LINE_CHARACTERS) })));
  }

  #flush(): void {
    const lines = this.#waiting.splice(0);
    if (lines.length === 0) return;
    const from = this.#written + 1;
    this.#written += lines.length;
    this.#writing = this.#writing
      .then(() => this.#parts.write(from, lines))
      .catch((error: unknown) => this.#parts.log.warn({ err: error }, "a build's log could not be written"));
  }
}
