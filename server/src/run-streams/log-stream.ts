// The log of one run as it grows, line by line, until the run has ended: the lines, their numbers and their
// order are those of the log as it is read afterwards. What is stored is read from the database; what the
// attempt in hand prints comes from the node that has it. Called by the endpoint of it.
import type { World } from '../accounts/account.ts';
import type { EventStream } from '../http/event-stream.ts';
import type { LogLine } from '../logs/log-lines.ts';
import { type RunLogLine, runLog } from '../logs/run-log.ts';
import type { Sql } from '../postgres/database.ts';
import type { StoredRun } from '../runs/run.ts';
import { findLogLines } from '../runs/run-log-store.ts';
import { findRun } from '../runs/run-store.ts';
import { hasEnded } from '../runs/run-watch.ts';
import type { LineRelay, Printed } from './line-relay.ts';

export type LogStreamParts = {
  sql: Sql;
  relay: Pick<LineRelay, 'follow'>;
  /** Writes down what is known here of runs. */
  flush(): Promise<void>;
  onError(error: unknown): void;
};

export type LogReader = {
  world: World;
  runId: string;
  /** The number of the last line that the reader has. */
  after: number;
  stream: EventStream;
  /** What is sent at the end. */
  viewOf(run: StoredRun): unknown;
};

/** While a run is going on elsewhere, or waits. */
const LOOK_EVERY_MS = 1_000;
/** Once its attempt is over. */
const LOOK_SOON_MS = 60;
const SOON_LOOKS = 50;

/** Resolves when the stream is over. Never rejects. */
export async function streamLog(parts: LogStreamParts, reader: LogReader): Promise<void> {
  const sending = { last: reader.after };
  const following = startFollowing(parts, reader, sending);
  try {
    for (let soon = 0; !reader.stream.isOver; ) {
      const run = await findRun(parts.sql, reader.world, reader.runId);
      if (run === null) break;
      const stored = await findLogLines(parts.sql, reader.world, reader.runId);
      const hasBegun = run.status !== 'queued' || run.attempts > 0;
      const lines = hasBegun ? runLog(run, stored.lines, stored.truncated) : [];
      for (const [at, line] of lines.entries()) {
        if (!reader.stream.hasRoom) await reader.stream.room();
        sendLine(reader, sending, at + 1, line);
      }
      // What the attempt in hand prints stands behind these.
      following.expect(run, 1 + stored.lines.length);
      if (hasEnded(run)) {
        reader.stream.send({ event: 'end', id: null, data: reader.viewOf(run) });
        break;
      }
      soon = following.isOver ? soon + 1 : 0;
      await following.wait(soon > 0 && soon < SOON_LOOKS ? LOOK_SOON_MS : LOOK_EVERY_MS);
      if (following.isOver) await parts.flush();
      await reader.stream.room();
      following.catchUp();
    }
  } catch (error) {
    parts.onError(error);
  } finally {
    following.stop();
    reader.stream.end();
  }
}

/** Lines that a reader has, or that come once more, are passed over. */
function sendLine(
  { stream }: LogReader,
  sending: { last: number },
  number: number,
  { at, stream: from, text }: RunLogLine,
): void {
  if (number <= sending.last) return;
  const data = { at: new Date(at).toISOString(), stream: from, text };
  if (stream.send({ event: 'line', id: String(number), data })) sending.last = number;
}

function startFollowing({ relay }: LogStreamParts, reader: LogReader, sending: { last: number }) {
  let base: number | null = null;
  let attempt: number | null = null;
  let isOver = false;
  let isBehind = false;
  let wake: () => void = () => {};
  /** Printed before it was known where in the log it belongs. */
  let early: Printed[] = [];
  const take = (printed: Printed): void => {
    if (base === null) {
      early.push(printed);
      return;
    }
    if (attempt !== null && printed.attempt !== attempt) {
      // Of an attempt that wasn't known when the log was read: look again.
      early.push(printed);
      wake();
      return;
    }
    if (!reader.stream.hasRoom) {
      isBehind = true;
      wake();
      return;
    }
    const start = base + printed.from;
    for (const [at, line] of printed.lines.entries()) sendNext(start + at + 1, line);
    if (!printed.isOver) return;
    isOver = true;
    wake();
  };
  const sendNext = (number: number, line: LogLine): void => {
    // A gap is closed by what is stored in the end.
    if (number === sending.last + 1) sendLine(reader, sending, number, line);
  };
  let leave = relay.follow(reader.runId, take);
  reader.stream.onClose(() => wake());
  return {
    get isOver() {
      return isOver;
    },
    /** @param start how many lines of the log stand before those of the attempt in hand */
    expect(run: StoredRun, start: number) {
      const next = run.dueAtMs === null ? null : run.attempts;
      if (next !== attempt || base === null) isOver = false;
      attempt = next;
      base = start;
      const waiting = early;
      early = [];
      for (const printed of waiting) take(printed);
    },
    wait: (ms: number) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (reader.stream.isOver) wake();
      }),
    /** Begins anew with what the attempt has printed, where the reader couldn't take all of it. */
    catchUp() {
      if (!isBehind) return;
      isBehind = false;
      leave();
      leave = relay.follow(reader.runId, take);
    },
    stop: () => leave(),
  };
}
