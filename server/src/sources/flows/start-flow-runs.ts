// Starts flow runs for the events that flows listen to, in the transaction that keeps the events: a consumer
// of events, built by roles/. A flow starts once per event, however many of its notations match.
import { randomUUID } from 'node:crypto';
import { createEventConsumer, type EventConsumer, type WaitingDepth } from '../../events/event-consumer.ts';
import type { Interest } from '../../triggers/event-matcher.ts';
import { insertFlowRuns } from './flow-run-store.ts';
import { listStartable, type StartableFlow } from './flow-store.ts';

/** Worlds whose flows are kept in memory. */
const CAPACITY = 1_000;

/** @param newFlowRunId 20 letters and digits */
export function createFlowStarter(
  newFlowRunId: () => string,
  depth: WaitingDepth | null = null,
): EventConsumer {
  return createEventConsumer<Interest>({
    capacity: CAPACITY,
    load: async (sql, world) => (await listStartable(sql, world)).map(interestOf),
    copies: true,
    depth,
    write: (sql, listening) =>
      insertFlowRuns(
        sql,
        listening.map(({ event: { accountId, mode, id: eventId }, interest: { id: flowId } }) => ({
          ...{ accountId, mode, eventId, flowId, id: newFlowRunId(), processId: randomUUID() },
        })),
      ),
  });
}

function interestOf({ id, starts, bytes }: StartableFlow): Interest {
  return { id, recipient: id, notations: starts, campaigns: [], shops: [], copiedBytes: bytes };
}
