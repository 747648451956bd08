// What else acts on events besides triggers: deliveries to subscribers, flows, mails. Each is an index of
// what listens, and a statement that writes rows for what matched, in portions. Decides nothing about how
// much is too much: that is fan-out.ts. Built by the nouns, handed to dispatch-events.ts by roles/.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import { countMatches, type Interest, type MatchCount, matchEvent } from '../triggers/event-matcher.ts';
import { type HeldWorlds, openInterestDirectory, worldKey } from '../triggers/interest-directory.ts';
import type { PublishedEvent } from './account-event.ts';
import { sizeOf } from './fan-out.ts';

/**
 * Is given events that are new, inside the transaction that keeps (or matches) them: what it writes and the
 * event are one. Each event comes exactly once. It must wait for nothing but the database; what it throws
 * makes the publisher fail.
 * @param held the events' worlds: whether anything listens can be known from memory, without a statement
 */
export type ConsumeEvents = (sql: Sql, events: readonly PublishedEvent[], held: HeldWorlds) => Promise<void>;

/** How many rows an event causes, and the bytes that they hold besides those of the event. */
export type CountRows = (event: PublishedEvent) => MatchCount;

const NOTHING: MatchCount = { rows: 0, bytes: 0 };

export type EventConsumer = {
  consume: ConsumeEvents;
  counter(sql: Sql, held: HeldWorlds): Promise<CountRows>;
  /** By what memory holds, which may be old, or nothing. */
  foresee(event: PublishedEvent): number;
  /** Each row holds a copy of what the event holds. */
  copies: boolean;
};

export type Listening<I extends Interest> = { event: PublishedEvent; interest: I };

/** Counts rows in, with the bytes of events that they hold. @throws Failure `too_many_runs` */
export type WaitingDepth = { add(sql: Sql, accountId: string, rows: number, bytes: number): Promise<void> };

export type ConsumerParts<I extends Interest> = {
  /** Worlds whose listeners are kept in memory. */
  capacity: number;
  load(sql: Sql, world: World): Promise<readonly I[]>;
  copies: boolean;
  /** How many an account may have waiting of what it writes; null: nobody counts. */
  depth: WaitingDepth | null;
  /**
   * Called with at most {@link PORTION_ROWS} at a time. What they hold is in the database already: it names
   * events, it doesn't carry them.
   */
  write(sql: Sql, listening: readonly Listening<I>[]): Promise<void>;
};

/** Rows of one statement. */
const PORTION_ROWS = 1_000;

export function createEventConsumer<I extends Interest>(parts: ConsumerParts<I>): EventConsumer {
  const directory = openInterestDirectory<I>(parts);
  async function write(sql: Sql, portion: readonly Listening<I>[]): Promise<void> {
    const counts = new Map<PublishedEvent, MatchCount>();
    for (const { event, interest } of portion) {
      const { rows, bytes } = counts.get(event) ?? NOTHING;
      counts.set(event, { rows: rows + 1, bytes: bytes + (interest.copiedBytes ?? 0) });
    }
    for (const [event, { rows, bytes }] of counts) {
      await parts.depth?.add(sql, event.accountId, rows, bytes + (parts.copies ? rows * sizeOf(event) : 0));
    }
    await parts.write(sql, portion);
  }
  return {
    copies: parts.copies,
    foresee: (event) => {
      const index = directory.peek(event);
      return index === undefined ? 0 : countMatches(index, event).rows;
    },
    counter: async (sql, held) => {
      const indexes = await directory.indexesOf(sql, held);
      return (event) => {
        const index = indexes.get(worldKey(event));
        return index === undefined ? NOTHING : countMatches(index, event);
      };
    },
    consume: async (sql, events, held) => {
      const indexes = await directory.indexesOf(sql, held);
      let portion: Listening<I>[] = [];
      for (const event of events) {
        const index = indexes.get(worldKey(event));
        if (index === undefined) continue;
        for (const { interest } of matchEvent(index, event)) {
          portion.push({ event, interest });
          if (portion.length < PORTION_ROWS) continue;
          await write(sql, portion);
          portion = [];
        }
      }
      if (portion.length > 0) await write(sql, portion);
    },
  };
}
