// Whoever else acts on events besides triggers: deliveries to subscribers. Types only; handed to dispatch-events.ts by roles/.
import type { Sql } from '../postgres/database.ts';
import type { PublishedEvent } from './account-event.ts';

/**
 * Is given events that are new, inside the transaction that keeps (or matches) them: what it writes and the event are one. Each
 * event comes exactly once. It must wait for nothing but the database; what it throws makes the publisher fail.
 */
export type EventConsumer = (sql: Sql, events: readonly PublishedEvent[]) => Promise<void>;
