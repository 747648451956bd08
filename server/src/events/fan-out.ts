// How much may follow from the events of one request: runs, flow runs, mails and deliveries, counted before
// any of them is made, and the bytes of the copies of events that they hold. Refuses, never writes. Called by
// dispatch-events.ts, and for a request's weight by publish-events.ts.
import { fail } from '../errors/failure.ts';
import type { Sql } from '../postgres/database.ts';
import { TooMuchTogether } from '../postgres/group-commit.ts';
import { countMatches } from '../triggers/event-matcher.ts';
import { type HeldWorlds, worldKey } from '../triggers/interest-directory.ts';
import type { TriggerDirectory } from '../triggers/trigger-interests.ts';
import type { PublishedEvent } from './account-event.ts';
import type { EventConsumer } from './event-consumer.ts';

export type FanOutParts = {
  triggers: TriggerDirectory;
  consumers: readonly EventConsumer[];
  /** Rows that the events of one request may cause. */
  mostRuns: number;
  /** Of the copies of events that those rows hold, as JSON. */
  mostBytes: number;
};

/** Copies whose bytes nobody counts: they are few. */
const FEW_COPIES = 100;

/**
 * @param together rows that they may cause where the transaction is shared with others
 * @throws Failure `too_many_runs`; TooMuchTogether
 */
export async function limitFanOut(
  parts: FanOutParts,
  sql: Sql,
  {
    events,
    held,
    together,
  }: { events: readonly PublishedEvent[]; held: HeldWorlds; together: number | null },
): Promise<void> {
  const counters = await Promise.all(parts.consumers.map((consumer) => consumer.counter(sql, held)));
  const indexes = await parts.triggers.indexesOf(sql, held);
  const runsOf = (event: PublishedEvent): number => {
    const index = indexes.get(worldKey(event));
    return index === undefined ? 0 : countMatches(index, event).rows;
  };
  const { mostRuns, mostBytes } = parts;
  let [rows, copies, bytes] = [0, 0, 0];
  for (const event of events) {
    const runs = runsOf(event);
    const own = { rows: runs, copies: runs, bytes: 0 };
    for (const [at, count] of counters.entries()) {
      const caused = count(event);
      own.rows += caused.rows;
      own.bytes += caused.bytes;
      if (parts.consumers[at]?.copies === true) own.copies += caused.rows;
    }
    rows += own.rows;
    if (rows > mostRuns) tooManyRows(own.rows, mostRuns);
    if (together !== null && rows > together) throw new TooMuchTogether();
    copies += own.copies;
    if (copies > FEW_COPIES) own.bytes += own.copies * sizeOf(event);
    bytes += own.bytes;
    if (bytes > mostBytes) tooManyBytes(own.bytes, mostBytes);
  }
}

/** @returns rows that the events will write, themselves included, as far as memory shows */
export function expectedRows(
  { triggers, consumers }: Pick<FanOutParts, 'triggers' | 'consumers'>,
  events: readonly PublishedEvent[],
  enough: number,
): number {
  let rows = 0;
  for (const event of events) {
    const index = triggers.peek(event);
    rows += 1 + (index === undefined ? 0 : countMatches(index, event).rows);
    for (const consumer of consumers) rows += consumer.foresee(event);
    if (rows > enough) break;
  }
  return rows;
}

/** What of it is copied, as JSON. */
export function sizeOf({ data, related }: PublishedEvent): number {
  return Buffer.byteLength(JSON.stringify(data)) + Buffer.byteLength(JSON.stringify(related));
}

const WHAT = 'runs, flow runs, mails and deliveries';

/** @param own what the event alone would start */
function tooManyRows(own: number, limit: number): never {
  const message =
    own > limit
      ? `one event alone would start ${own} ${WHAT}, and one request may start ${limit} (MILLRACE_RUNS_PER_PUBLISH)`
      : `these events would start more than ${limit} ${WHAT} at once (MILLRACE_RUNS_PER_PUBLISH): publish fewer at a time`;
  return fail('too_many_runs', { message, facts: { limit } });
}

function tooManyBytes(own: number, limitBytes: number): never {
  const message =
    own > limitBytes
      ? `what one event alone starts would hold ${own} bytes, and that of one request may hold ${limitBytes} ` +
        '(MILLRACE_BYTES_PER_PUBLISH)'
      : `what these events start would hold more than ${limitBytes} bytes (MILLRACE_BYTES_PER_PUBLISH): publish fewer at a time`;
  return fail('too_many_runs', { message, facts: { limitBytes } });
}
