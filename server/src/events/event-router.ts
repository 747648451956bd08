// Matches events that were kept unmatched: in order, each exactly once over all nodes, in one transaction with what follows
// from it. Woken when such a transaction commits; looks by itself once a second, because what is said while a connection is
// lost is not heard. A background service.
import type { Logger } from 'pino';
import { Failure } from '../errors/failure.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { isDatabaseUnavailable } from '../postgres/database-fault.ts';
import type { RunQueue } from '../queue/run-queue.ts';
import { expandNotations } from '../triggers/notation.ts';
import type { PublishedEvent } from './account-event.ts';
import type { DispatchEvents } from './dispatch-events.ts';
import { claimUnmatched, markMatched, putOff } from './unmatched-store.ts';

export type EventRouter = {
  /** There is something. */
  wake(): void;
  /** Resolves when what it has in hand is done; it begins nothing more. */
  stop(): Promise<void>;
};

export type RouterParts = {
  database: Pick<Database, 'transaction'>;
  dispatch: DispatchEvents;
  queue: Pick<RunQueue, 'wake'>;
  log: Logger;
};

const POLL_MS = 1_000;
const BATCH_EVENTS = 100;
/** Until an event is tried again whose account has too much queued. s */
const RETRY_AFTER_S = 10;

export function startEventRouter(parts: RouterParts): EventRouter {
  let isStopped = false;
  let isAsked = false;
  let routing: Promise<void> | null = null;

  async function routeAll(): Promise<void> {
    while (isAsked && !isStopped) {
      isAsked = false;
      try {
        if ((await routeBatch(parts)) === BATCH_EVENTS) isAsked = true;
      } catch (error) {
        parts.log.warn({ err: error }, 'published events could not be matched: trying again');
      }
    }
    routing = null;
  }
  const wake = (): void => {
    isAsked = true;
    if (!isStopped) routing ??= routeAll();
  };
  const timer = setInterval(wake, POLL_MS);
  wake();
  return {
    wake,
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      await routing;
    },
  };
}

/** @returns how many events it had in hand */
export async function routeBatch({ database, dispatch, queue, log }: RouterParts): Promise<number> {
  const claimed = await database.transaction(async (sql) => {
    const events = (await claimUnmatched(sql, BATCH_EVENTS)).map(expanded);
    if (events.length > 0 && !(await routeTogether(dispatch, sql, events))) {
      for (const event of events) await routeOne({ dispatch, log }, sql, event);
    }
    return events.length;
  });
  if (claimed > 0) queue.wake();
  return claimed;
}

function expanded(event: PublishedEvent): PublishedEvent {
  const notations = expandNotations(event.notations);
  return { ...event, notations, type: notations[0] as string };
}

/** @returns false where one of them is at fault; then nothing is done */
async function routeTogether(
  dispatch: DispatchEvents,
  sql: Sql,
  events: readonly PublishedEvent[],
): Promise<boolean> {
  await sql.query('savepoint together');
  try {
    await dispatch(sql, events);
    await markMatched(sql, events, null);
    return true;
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    await sql.query('rollback to savepoint together');
    return false;
  }
}

async function routeOne(
  { dispatch, log }: Pick<RouterParts, 'dispatch' | 'log'>,
  sql: Sql,
  event: PublishedEvent,
): Promise<void> {
  await sql.query('savepoint one');
  try {
    await dispatch(sql, [event]);
    await markMatched(sql, [event], null);
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    await sql.query('rollback to savepoint one');
    await settleFault(sql, event, error);
    log.warn({ err: error, event: event.id, account: event.accountId }, 'nothing could follow from an event');
  }
  await sql.query('release savepoint one');
}

/** What may pass is tried again; what can't is kept with its reason, and stands in nobody's way. */
async function settleFault(sql: Sql, event: PublishedEvent, error: unknown): Promise<void> {
  if (error instanceof Failure && !error.kind.retry) return await markMatched(sql, [event], error.message);
  await putOff(sql, event, RETRY_AFTER_S);
}
