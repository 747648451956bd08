// Makes the deliveries of the events that subscriptions ask for, in the transaction that keeps the events: a
// consumer of events, registered by roles/. Where nothing is subscribed to, no statement is spent on it.
import { createEventConsumer, type EventConsumer, type WaitingDepth } from '../events/event-consumer.ts';
import type { Interest } from '../triggers/event-matcher.ts';
import { insertDeliveries } from './delivery-store.ts';
import { listSubscribed } from './subscription-store.ts';

/** Worlds whose subscriptions are kept in memory. */
const CAPACITY = 1_000;

export function createDeliveryStarter(depth: WaitingDepth | null = null): EventConsumer {
  return createEventConsumer<Interest>({
    capacity: CAPACITY,
    load: async (sql, world) => (await listSubscribed(sql, world)).map(interestOf),
    copies: false,
    depth,
    write: (sql, listening) =>
      insertDeliveries(
        sql,
        listening.map(({ event: { accountId, mode, id: eventId }, interest: { id: subscriptionId } }) => ({
          ...{ accountId, mode, eventId, subscriptionId },
        })),
      ),
  });
}

function interestOf({ id, eventType }: { id: string; eventType: string }): Interest {
  return { id, recipient: id, notations: [eventType], campaigns: [], shops: [] };
}
