// Keeps events together with all that follows from them, in the transaction of publish-events.ts. As a rule
// nothing that listens has changed since the last time, and no event comes twice: then all statements go out
// together, by what is foreseen, and it is checked afterwards that it was so. Where it wasn't, or something
// was refused, all of that is undone and done again step by step.
import type { Sql } from '../postgres/database.ts';
import { isDatabaseUnavailable } from '../postgres/database-fault.ts';
import {
  createExpectedRevisions,
  type ExpectedRevisions,
  type HeldWorlds,
  holdWorlds,
} from '../triggers/interest-directory.ts';
import { eventKey, type PublishedEvent } from './account-event.ts';
import type { DispatchEvents } from './dispatch-events.ts';
import { insertEvents } from './event-store.ts';

export type KeptEvents = {
  /** Those that had not been published before. */
  firsts: readonly PublishedEvent[];
  /** Ids of the runs that each has caused, by its key. */
  started: ReadonlyMap<string, readonly string[]>;
};
/**
 * @param events with different keys
 * @param together rows that may follow where requests share the transaction; null: it is one request's
 */
export type KeepEvents = (
  sql: Sql,
  events: readonly PublishedEvent[],
  together: number | null,
) => Promise<KeptEvents>;

/** Worlds whose revision is foreseen. */
const CAPACITY = 10_000;

export function keeperOfEvents(dispatch: DispatchEvents): KeepEvents {
  const expected = createExpectedRevisions(CAPACITY);
  return async (sql, events, together) => {
    const within: DispatchEvents = (on, given, held) => dispatch(on, given, held, together);
    const revisions = expected.of(events);
    const kept = revisions === null ? null : await keepAsExpected(within, sql, events, revisions);
    return kept ?? (await keepInSteps({ dispatch: within, expected }, sql, events));
  };
}

/**
 * @returns null where something was not as foreseen; then nothing is done
 * @throws only what is the database's: that events are refused may be due to what was foreseen, and is for
 * keepInSteps to say
 */
async function keepAsExpected(
  dispatch: DispatchEvents,
  sql: Sql,
  events: readonly PublishedEvent[],
  revisions: HeldWorlds,
): Promise<KeptEvents | null> {
  const asked = [
    sql.query('savepoint foreseen'),
    insertEvents(sql, events, 'matched'),
    holdWorlds(sql, events),
    dispatch(sql, events, revisions),
  ] as const;
  // All of them: what still goes on would write behind the undoing of the rest.
  const faults = (await Promise.allSettled(asked)).flatMap((one) =>
    one.status === 'rejected' ? [one.reason as unknown] : [],
  );
  const outage = faults.find(isDatabaseUnavailable);
  if (outage !== undefined) throw outage;
  if (faults.length === 0) {
    const [, fresh, held, started] = await Promise.all(asked);
    if (fresh.size === events.length && isSame(held, revisions)) return { firsts: events, started };
  }
  await sql.query('rollback to savepoint foreseen');
  return null;
}

async function keepInSteps(
  { dispatch, expected }: { dispatch: DispatchEvents; expected: ExpectedRevisions },
  sql: Sql,
  events: readonly PublishedEvent[],
): Promise<KeptEvents> {
  const [fresh, held] = await Promise.all([insertEvents(sql, events, 'matched'), holdWorlds(sql, events)]);
  expected.note(events, held);
  const firsts = events.filter((event) => fresh.has(eventKey(event)));
  return { firsts, started: await dispatch(sql, firsts, held) };
}

/** Both in the same order. */
function isSame(held: HeldWorlds, revisions: HeldWorlds): boolean {
  return (
    held.length === revisions.length &&
    held.every(({ accountId, mode, revision }, at) => {
      const other = revisions[at];
      return other?.accountId === accountId && other.mode === mode && other.revision === revision;
    })
  );
}
