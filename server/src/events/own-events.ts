// What the platform itself has to say of an account: a function failed, was disabled, a run is on the
// dead-letter list, a limit is near, a resource that it holds was changed. Events like any other: kept in the
// transaction of what they report, matched by the router at once after it. Never fails for a reason that lies
// in an event, and never feeds itself. Called by the executor, the queue and limits.
import type { Logger } from 'pino';
import type { World } from '../accounts/account.ts';
import { storableTexts } from '../logs/storable-text.ts';
import type { Sql } from '../postgres/database.ts';
import { itemTypeOf } from '../triggers/notation.ts';
import type { PublishedEvent } from './account-event.ts';
import { findEvents, insertEvents, type StoredEvent } from './event-store.ts';
import { notifyRouters } from './unmatched-store.ts';

export const OWN_EVENTS = [
  'function.failed',
  'function.disabled',
  'function.dead_lettered',
  'limit.near',
  'error.new',
  'usage.daily',
  'event.set_aside',
  'egress.refused',
] as const;
/** What becomes of things that the platform itself holds. */
const RESOURCE_EVENTS = [
  'account:modified',
  'event_subscription:created',
  'event_subscription:deleted',
  'event_subscription:modified',
  'user:modified',
] as const;
export type OwnEventType = (typeof OWN_EVENTS)[number] | (typeof RESOURCE_EVENTS)[number];

/** What an event is about, where its name begins with another word. */
const ITEM_TYPES: Partial<Record<OwnEventType, string>> = {
  'limit.near': 'account',
  'usage.daily': 'account',
  'error.new': 'function',
  'egress.refused': 'function',
};

export type OwnEvent = {
  type: OwnEventType;
  /** Of the function, the account or whatever else it is about. */
  itemId: string;
  /** For people and functions; never secrets. */
  data: Record<string, string | number | boolean | null>;
  /** The event that caused the run which this is about; null: there is none. */
  causeEventId: string | null;
};

/** @returns how many were kept */
export type PublishOwn = (sql: Sql, world: World, own: readonly OwnEvent[]) => Promise<number>;

export type OwnEventParts = {
  /** Events that may lie between one and the outside. */
  mostDepth: number;
  newEventId(): string;
  /** Unix time in ms. */
  clock(): number;
  log: Logger;
};

export function createOwnEventPublisher(parts: OwnEventParts): PublishOwn {
  return async (sql, world, own) => {
    const causes = await causesOf(sql, world, own);
    const events = own.flatMap((event) => {
      const cause = event.causeEventId === null ? null : (causes.get(event.causeEventId) ?? null);
      const silence = reasonForSilence(event, cause, parts.mostDepth);
      if (silence === null) return [publishedOwn(parts, world, { event, cause })];
      parts.log.warn({ event: event.type, item: event.itemId, account: world.accountId }, silence);
      return [];
    });
    if (events.length === 0) return 0;
    await insertEvents(sql, events, 'unmatched');
    await notifyRouters(sql);
    return events.length;
  };
}

type Cause = Pick<StoredEvent, 'type' | 'itemId' | 'depth' | 'traceparent'> | null;

/** Why an event isn't published; null: it is. Pure. */
function reasonForSilence(event: OwnEvent, cause: Cause, mostDepth: number): string | null {
  if (cause === null) return null;
  const isAboutItself = cause.itemId === event.itemId && OWN_EVENTS.some((type) => type === cause.type);
  // That a function is switched off is said once, and its owner has to hear it.
  if (isAboutItself && event.type !== 'function.disabled') {
    return 'an event of the platform is dropped: an event about the same function started the run that it reports';
  }
  if (cause.depth + 1 > mostDepth) {
    return `an event of our own is dropped: ${mostDepth} events have caused one another`;
  }
  return null;
}

async function causesOf(
  sql: Sql,
  world: World,
  own: readonly OwnEvent[],
): Promise<ReadonlyMap<string, StoredEvent>> {
  const ids = [...new Set(own.flatMap(({ causeEventId }) => (causeEventId === null ? [] : [causeEventId])))];
  if (ids.length === 0) return new Map();
  return new Map((await findEvents(sql, world, ids)).map((event) => [event.id, event]));
}

type Telling = { event: OwnEvent; cause: Cause };

function publishedOwn(
  { newEventId, clock }: OwnEventParts,
  world: World,
  { event, cause }: Telling,
): PublishedEvent {
  return {
    accountId: world.accountId,
    mode: world.mode,
    id: newEventId(),
    type: event.type,
    notations: [event.type],
    itemType: ITEM_TYPES[event.type] ?? itemTypeOf(event.type),
    itemId: event.itemId,
    campaign: null,
    shop: null,
    date: new Date(clock()).toISOString(),
    data: storableTexts(event.data),
    related: {},
    depth: cause === null ? 0 : cause.depth + 1,
    traceparent: cause?.traceparent ?? null,
  };
}
