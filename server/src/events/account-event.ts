// An account event on its way: as its publisher gave it, checked and expanded, before or after it is kept.
// Pure data.
import type { World } from '../accounts/account.ts';
import type { AccountEvent } from '../runs/run-input.ts';

/** Its notations are expanded: see triggers/notation.ts. */
export type PublishedEvent = World &
  AccountEvent & {
    /** How many events lie between it and the outside. */
    depth: number;
    /** The run that published it, where it said so. */
    causeRunId?: string | null;
    /** Of the trace that it was published in; see runs/trace-context.ts. */
    traceparent?: string | null;
  };

/** Names an event in a map. */
export function eventKey(event: Pick<PublishedEvent, 'accountId' | 'mode' | 'id'>): string {
  return `${event.mode}/${event.accountId}/${event.id}`;
}
