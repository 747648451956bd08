// Whoever else acts on events besides triggers: deliveries to subscribers, flows, mails. Types only; handed to dispatch-events.ts by roles/.
import type { Sql } from '../postgres/database.ts';
import type { HeldWorlds } from '../triggers/interest-directory.ts';
import type { PublishedEvent } from './account-event.ts';

/**
 * Is given events that are new, inside the transaction that keeps (or matches) them: what it writes and the event are one. Each
 * event comes exactly once. It must wait for nothing but the database; what it throws makes the publisher fail.
 * @param held the events' worlds: whether anything listens can be told from memory, without a statement
 */
export type EventConsumer = (sql: Sql, events: readonly PublishedEvent[], held: HeldWorlds) => Promise<void>;
