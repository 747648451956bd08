// Makes the deliveries of the events that subscriptions ask for, in the transaction that keeps the events: a consumer of
// events, registered by roles/. Where nothing is subscribed to, no statement is spent on it.
import type { EventConsumer } from '../events/event-consumer.ts';
import { type Interest, matchEvent } from '../triggers/event-matcher.ts';
import { openInterestDirectory, worldKey } from '../triggers/interest-directory.ts';
import { insertDeliveries } from './delivery-store.ts';
import { listSubscribed } from './subscription-store.ts';

/** Worlds whose subscriptions are kept in memory. */
const CAPACITY = 1_000;

export function deliveryStarter(): EventConsumer {
  const directory = openInterestDirectory<Interest>({
    capacity: CAPACITY,
    load: async (sql, world) => (await listSubscribed(sql, world)).map(interestOf),
  });
  return async (sql, events, held) => {
    const indexes = await directory.indexesOf(sql, held);
    const asked = events.filter((event) => {
      const index = indexes.get(worldKey(event));
      return index !== undefined && matchEvent(index, event).length > 0;
    });
    if (asked.length > 0) await insertDeliveries(sql, asked);
  };
}

function interestOf({ id, eventType }: { id: string; eventType: string }): Interest {
  return { id, recipient: id, notations: [eventType], campaigns: [], shops: [] };
}
