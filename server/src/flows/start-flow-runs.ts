// Starts flow runs for the events that flows listen to, in the transaction that keeps the events: a consumer of events, built by
// roles/. A flow starts once per event, however many of its notations match.
import { randomUUID } from 'node:crypto';
import type { PublishedEvent } from '../events/account-event.ts';
import type { EventConsumer } from '../events/event-consumer.ts';
import { type Interest, matchEvent } from '../triggers/event-matcher.ts';
import { type InterestDirectory, openInterestDirectory, worldKey } from '../triggers/interest-directory.ts';
import type { Flow } from './flow.ts';
import { insertFlowRuns, type NewFlowRun } from './flow-run-store.ts';
import { listStartable } from './flow-store.ts';

type FlowInterest = Interest & { flow: Flow };

/** Worlds whose flows are kept in memory. */
const CAPACITY = 1_000;

/** @param newFlowRunId 20 letters and digits */
export function flowStarter(newFlowRunId: () => string): EventConsumer {
  const directory: InterestDirectory<FlowInterest> = openInterestDirectory({
    capacity: CAPACITY,
    load: async (sql, world) => (await listStartable(sql, world)).map(interestOf),
  });
  return async (sql, events, held) => {
    const indexes = await directory.indexesOf(sql, held);
    const runs = events.flatMap((event) => {
      const index = indexes.get(worldKey(event));
      if (index === undefined) return [];
      return matchEvent(index, event).map(({ interest }) => newRun(interest.flow, event, newFlowRunId()));
    });
    await insertFlowRuns(sql, runs);
  };
}

function interestOf(flow: Flow): FlowInterest {
  return { id: flow.id, recipient: flow.id, notations: flow.starts, campaigns: [], shops: [], flow };
}

function newRun(flow: Flow, event: PublishedEvent, id: string): NewFlowRun {
  const start = flow.nodes.find(({ type }) => type === 'start');
  return {
    ...{
      accountId: flow.accountId,
      mode: flow.mode,
      id,
      flowId: flow.id,
      flowName: flow.name,
      nodes: flow.nodes,
    },
    ...{ eventId: event.id, itemType: event.itemType, itemId: event.itemId, itemDetails: event.data },
    ...{ nodeId: start?.id ?? '', processId: randomUUID() },
  };
}
