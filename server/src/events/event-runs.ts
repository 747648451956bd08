// The runs that an event causes: one for each function that listens. Pure.
import type { NewRun } from '../queue/new-run.ts';
import type { AccountEvent } from '../runs/run-input.ts';
import type { Match } from '../triggers/event-matcher.ts';
import type { TriggerInterest } from '../triggers/trigger-interests.ts';
import type { PublishedEvent } from './account-event.ts';

export type CausedRun = Omit<NewRun, 'id'>;

export function runsOf(event: PublishedEvent, matches: readonly Match<TriggerInterest>[]): CausedRun[] {
  const told = toldEvent(event);
  return matches.map(({ interest, notation }) => ({
    accountId: event.accountId,
    mode: event.mode,
    functionId: interest.recipient,
    input: {
      trigger: 'account_event',
      source: { id: event.id, name: event.type },
      event: told,
      notation,
    },
    cause: {
      event_id: event.id,
      type: event.type,
      notation,
      item_type: event.itemType,
      item_id: event.itemId,
      ...(event.traceparent == null ? {} : { traceparent: event.traceparent }),
    },
    triggerId: interest.id,
    eventId: event.id,
    due: { afterMs: interest.delayMs },
    version: null,
    replayOf: null,
  }));
}

/** What a function gets of the event: nothing that only the platform needs to know. */
function toldEvent(event: PublishedEvent): AccountEvent {
  const { id, type, notations, itemType, itemId, campaign, shop, date, data, related } = event;
  return { id, type, notations, itemType, itemId, campaign, shop, date, data, related };
}
