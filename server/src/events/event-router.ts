// Matches events that were kept unmatched: in order, each exactly once over all nodes, in one transaction
// with what follows from it, or portion by portion, the place kept with it, where that is more than there is
// room for. Woken when such a transaction commits; looks by itself once a second, because what is said while
// a connection is lost is not heard. An event that can't be routed stands in nobody's way: it is tried again
// later, and in the end set aside, which is an event, too. A background service.
import type { Logger } from 'pino';
import { startWakefulLoop, type WakefulLoop } from '../clock/wakeful-loop.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { isDatabaseUnavailable } from '../postgres/database-fault.ts';
import type { RunQueue } from '../queue/run-queue.ts';
import { holdWorlds } from '../triggers/interest-directory.ts';
import { expandNotations } from '../triggers/notation.ts';
import type { DispatchEvents } from './dispatch-events.ts';
import type { DispatchPortion } from './dispatch-portion.ts';
import type { OwnEvent, PublishOwn } from './own-events.ts';
import { afterRouteFailure } from './route-retry.ts';
import {
  claimUnmatched,
  markMatched,
  noteReached,
  putOff,
  setAside,
  type UnmatchedEvent,
} from './unmatched-store.ts';

export type RouterParts = {
  database: Pick<Database, 'transaction'>;
  dispatch: DispatchEvents;
  dispatchPortion: DispatchPortion;
  queue: Pick<RunQueue, 'wake'>;
  publishOwn: PublishOwn;
  log: Logger;
};

const POLL_MS = 1_000;
const BATCH_EVENTS = 100;
/** Rows of a transaction from which on no further event is begun in it. */
const MOST_ROWS = 2_000;

export function startEventRouter(parts: RouterParts): WakefulLoop {
  let batchEvents = BATCH_EVENTS;
  return startWakefulLoop({
    look: async (isStopped) => {
      while (!isStopped() && (await routeBatch(parts, batchEvents)) > 0) {
        batchEvents = Math.min(BATCH_EVENTS, batchEvents * 2);
      }
      return POLL_MS;
    },
    onError: (error) => {
      // Alone, the one that the database can't take is found.
      batchEvents = 1;
      parts.log.warn({ err: error }, 'published events could not be matched: trying again');
    },
    retryAfterMs: POLL_MS,
  });
}

/** @returns how many events it had in hand */
export async function routeBatch(parts: RouterParts, mostEvents = BATCH_EVENTS): Promise<number> {
  let claimed: UnmatchedEvent[] = [];
  try {
    await parts.database.transaction(async (sql) => {
      claimed = (await claimUnmatched(sql, mostEvents)).map(expanded);
      if (!(await routeTogether(parts.dispatch, sql, claimed))) await routeEach(parts, sql, claimed);
    });
  } catch (error) {
    const [event] = claimed;
    if (event === undefined || claimed.length > 1) throw error;
    // Where the database can write this, it wasn't out of reach: it is this event that it gives up.
    await parts.database.transaction((sql) => settleFault(parts, sql, event, error));
  }
  if (claimed.length > 0) parts.queue.wake();
  return claimed.length;
}

function expanded(event: UnmatchedEvent): UnmatchedEvent {
  const notations = expandNotations(event.notations);
  return { ...event, notations, type: notations[0] as string };
}

/** @returns false where one of them is at fault, or has begun; then nothing is done */
async function routeTogether(
  dispatch: DispatchEvents,
  sql: Sql,
  events: readonly UnmatchedEvent[],
): Promise<boolean> {
  if (events.length === 0) return true;
  if (events.some(({ routedTo }) => routedTo !== null)) return false;
  await sql.query('savepoint together');
  try {
    await dispatch(sql, events, await holdWorlds(sql, events), MOST_ROWS);
    await markMatched(sql, events);
    return true;
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    await sql.query('rollback to savepoint together');
    return false;
  }
}

/**
 * Those that have begun come last, and what has become too much is left for the next transaction: nobody
 * waits long for others' many rows.
 */
async function routeEach(parts: RouterParts, sql: Sql, events: readonly UnmatchedEvent[]): Promise<void> {
  let rows = 0;
  for (const event of events.toSorted((a, b) => Number(a.routedTo !== null) - Number(b.routedTo !== null))) {
    if (rows >= MOST_ROWS) return;
    rows += await routeOne(parts, sql, event);
  }
}

/** @returns rows that it has written */
async function routeOne(parts: RouterParts, sql: Sql, event: UnmatchedEvent): Promise<number> {
  let rows = 0;
  await sql.query('savepoint one');
  try {
    rows = await routePortion(parts, sql, event);
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    await sql.query('rollback to savepoint one');
    await settleFault(parts, sql, event, error);
  }
  await sql.query('release savepoint one');
  return rows;
}

async function routePortion(parts: RouterParts, sql: Sql, event: UnmatchedEvent): Promise<number> {
  const held = await holdWorlds(sql, [event]);
  const portion = await parts.dispatchPortion(sql, event, held, event.routedTo);
  if (portion.left === 'nothing') await markMatched(sql, [event]);
  else await noteReached(sql, event, portion.reached);
  if (portion.left === 'more' && portion.refusal !== null)
    await settleFault(parts, sql, event, portion.refusal);
  return portion.rows;
}

/** What may pass is tried again; what can't is kept with its reason, and its owner is notified. */
async function settleFault(
  { publishOwn, log }: RouterParts,
  sql: Sql,
  event: UnmatchedEvent,
  error: unknown,
): Promise<void> {
  const { accountId, mode, id } = event;
  const verdict = afterRouteFailure(error, event.tries);
  const { tries } = verdict;
  const line = { err: error, event: id, account: accountId, tries };
  if (verdict.next === 'again') {
    await putOff(sql, event, verdict);
    log.warn({ ...line, afterS: verdict.afterS }, 'an event could not be routed: it is tried again');
    return;
  }
  if (!(await setAside(sql, event, { tries, fault: verdict.reason }))) return;
  await publishOwn(sql, { accountId, mode }, alarmOf(event, tries, verdict.reason));
  log.error(line, 'an event could not be routed and is set aside');
}

/** That an alarm can't be routed is said to nobody but the log. */
function alarmOf(event: UnmatchedEvent, tries: number, fault: string): OwnEvent[] {
  if (event.type === 'event.set_aside') return [];
  const data = { event_id: event.id, type: event.type, item_id: event.itemId, tries, fault };
  return [{ type: 'event.set_aside', itemId: event.id, data, causeEventId: event.id }];
}
