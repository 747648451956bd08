// An answer that goes on: server-sent events (HTML Standard, section 9.2), written as they come. A client
// that reads too slowly is dropped with a note, so that a stream never holds more than its buffer; every
// stream ends after a while, and its reader comes again with `Last-Event-ID`. Knows nothing of what is
// sent.
import { Readable } from 'node:stream';

export type SentEvent = {
  /** Its type: `run`, `line`. */
  event: string;
  /** What a reader hands back as `Last-Event-ID`; null: it is nothing to go on from. */
  id: string | null;
  /** Becomes JSON. */
  data: unknown;
};

export type StreamLimits = {
  /** What may lie unread. */
  bufferBytes: number;
  /** How long a stream goes on. ms */
  lifeMs: number;
};

export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Proxies that collect answers would keep all of it.
  'x-accel-buffering': 'no',
} as const;

const BEAT_EVERY_MS = 15_000;
const COME_AGAIN_AFTER_MS = 1_000;
/** How long a reader may take nothing while more waits. ms */
const PATIENCE_MS = 5_000;
/** What a dropped reader gets to read the rest. ms */
const FAREWELL_MS = 2_000;

export class EventStream {
  /** The body of the answer. */
  readonly body: Readable;
  readonly #limits: StreamLimits;
  readonly #timers: NodeJS.Timeout[] = [];
  #isOver = false;
  #read: () => void = () => {};

  constructor(limits: StreamLimits) {
    this.#limits = limits;
    this.body = new Readable({ highWaterMark: limits.bufferBytes, read: () => this.#read() });
    this.body.on('error', () => {});
    this.body.once('close', () => {
      this.#isOver = true;
      for (const timer of this.#timers) clearTimeout(timer);
    });
    this.#timers.push(setInterval(() => this.#push(': still here\n\n'), BEAT_EVERY_MS));
    this.#timers.push(setTimeout(() => this.end(), limits.lifeMs));
    this.body.push(`retry: ${COME_AGAIN_AFTER_MS}\n\n`);
  }

  /** Nothing goes out any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether much more can be sent at once. */
  get hasRoom(): boolean {
    return this.body.readableLength < this.#limits.bufferBytes / 2;
  }

  /** Resolves when there is room, or the stream is over: a reader that takes nothing is dropped. */
  async room(): Promise<void> {
    if (this.hasRoom || this.#isOver) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => this.#drop(), PATIENCE_MS);
    this.#read = resolve;
    this.body.once('close', resolve);
    await promise;
    clearTimeout(timer);
    this.body.off('close', resolve);
    this.#read = () => {};
  }

  /** Called once, when nobody reads it any more. */
  onClose(act: () => void): void {
    this.body.once('close', act);
  }

  /** @returns whether it went out; false when the stream is over, or the reader is too slow */
  send(event: SentEvent): boolean {
    if (this.#isOver) return false;
    if (this.body.readableLength > this.#limits.bufferBytes) {
      this.#drop();
      return false;
    }
    this.#push(textOf(event));
    return true;
  }

  /** The reader comes again, unless it has been sent word that there is no more. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.body.push(null);
    // A reader that doesn't even take the end.
    this.#timers.push(setTimeout(() => this.body.destroy(), FAREWELL_MS));
  }

  #drop(): void {
    if (this.#isOver) return;
    const message = 'the stream is read too slowly: go on from the last event';
    this.body.push(textOf({ event: 'dropped', id: null, data: { message } }));
    this.end();
  }

  #push(text: string): void {
    if (!this.#isOver) this.body.push(text);
  }
}

function textOf({ event, id, data }: SentEvent): string {
  const head = id === null ? '' : `id: ${id}\n`;
  return `${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
