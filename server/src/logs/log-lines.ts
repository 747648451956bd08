// Collects what one run prints and cuts it into lines. Bounded: what comes after the limit is counted and
// thrown away, so that a flood costs the reader nothing but the reading. Keeps time and stream of every line;
// stores nothing.
import { StringDecoder } from 'node:string_decoder';
import type { SecretMask } from './secret-mask.ts';
import { storableText } from './storable-text.ts';

const LOG_STREAMS = ['stdout', 'stderr'] as const;
export type LogStream = (typeof LOG_STREAMS)[number];
/** Those of a log as it is shown: with what the platform says. */
export const SHOWN_STREAMS = [...LOG_STREAMS, 'platform'] as const;
export type ShownStream = (typeof SHOWN_STREAMS)[number];
/** `at`: Unix time in ms at which the line's end (or the run's) was read. */
export type LogLine = { at: number; stream: LogStream; text: string };

type OpenLine = { decoder: StringDecoder; text: string };

export class LogLines {
  readonly lines: LogLine[] = [];
  /** Bytes that came after the limit. */
  droppedBytes = 0;
  #keptBytes = 0;
  readonly #limitBytes: number;
  readonly #mask: SecretMask | null;
  readonly #open: Record<LogStream, OpenLine | null> = { stdout: null, stderr: null };

  /** @param mask what hides secrets; null: there are none */
  constructor(limitBytes: number, mask: SecretMask | null = null) {
    this.#limitBytes = limitBytes;
    this.#mask = mask;
  }

  /** @param nowMs Unix time in ms */
  push(stream: LogStream, chunk: Buffer, nowMs: number): void {
    const room = this.#limitBytes - this.#keptBytes;
    this.droppedBytes += Math.max(0, chunk.length - room);
    if (room <= 0) return;
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
    this.#keptBytes += kept.length;
    const open = this.#open[stream] ?? { decoder: new StringDecoder('utf8'), text: '' };
    this.#open[stream] = open;
    const pieces = (open.text + open.decoder.write(kept)).split('\n');
    open.text = pieces.pop() ?? '';
    for (const piece of pieces) this.#add(stream, piece, nowMs);
  }

  /** Closes lines that lack their newline and says what was cut. Idempotent. */
  end(nowMs: number): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const open = this.#open[stream];
      this.#open[stream] = null;
      const rest = open === null ? '' : open.text + open.decoder.end();
      if (rest !== '') this.#add(stream, this.#hideCut(rest), nowMs);
    }
  }

  /** A line of the platform's own, whatever room is left. @param nowMs Unix time in ms */
  addLine(text: string, nowMs: number): void {
    this.end(nowMs);
    this.#add('stderr', text, nowMs);
  }

  get isEmpty(): boolean {
    return this.lines.length === 0 && this.droppedBytes === 0;
  }

  #add(stream: LogStream, text: string, at: number): void {
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    this.lines.push({ at, stream, text: storableText(this.#mask === null ? line : this.#mask.text(line)) });
  }

  /** Of a line that the limit has cut, the rest of a secret may be missing. */
  #hideCut(text: string): string {
    return this.#mask === null || this.droppedBytes === 0 ? text : this.#mask.cutText(text);
  }
}
