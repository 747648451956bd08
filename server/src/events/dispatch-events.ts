// What follows from events that are kept: their runs are queued, whoever else listens is told. All of it in the transaction of
// the caller, who wakes the queue when that is committed. Called by publish-events.ts and event-router.ts.
import { fail } from '../errors/failure.ts';
import type { Sql } from '../postgres/database.ts';
import type { NewRun } from '../queue/new-run.ts';
import type { RunQueue } from '../queue/run-queue.ts';
import { type EventIndex, matchEvent } from '../triggers/event-matcher.ts';
import { type HeldWorlds, worldKey } from '../triggers/interest-directory.ts';
import type { TriggerDirectory, TriggerInterest } from '../triggers/trigger-interests.ts';
import { eventKey, type PublishedEvent } from './account-event.ts';
import type { EventConsumer } from './event-consumer.ts';
import { type CausedRun, runsOf } from './event-runs.ts';

/**
 * @param held the worlds of all of them
 * @returns ids of the runs that each event has caused, by its key; those that caused none are left out
 */
export type DispatchEvents = (
  sql: Sql,
  events: readonly PublishedEvent[],
  held: HeldWorlds,
) => Promise<ReadonlyMap<string, readonly string[]>>;

export type DispatchParts = {
  triggers: TriggerDirectory;
  queue: Pick<RunQueue, 'enqueue'>;
  consumers: readonly EventConsumer[];
  newRunId(): string;
  /** Runs that the events of one transaction may cause. */
  mostRuns: number;
};

/** Runs handed to the queue at once: each holds its own copy of the event until it is written. */
export const SLICE_RUNS = 200;

export function eventDispatcher(parts: DispatchParts): DispatchEvents {
  return async (sql, events, held) => {
    if (events.length === 0) return new Map();
    const indexes = await parts.triggers.indexesOf(sql, held);
    const started = await startRuns(parts, sql, causedBy(parts, indexes, events));
    for (const consume of parts.consumers) await consume(sql, events, held);
    return started;
  };
}

function causedBy(
  { newRunId, mostRuns }: DispatchParts,
  indexes: ReadonlyMap<string, EventIndex<TriggerInterest>>,
  events: readonly PublishedEvent[],
): NewRun[] {
  const runs: CausedRun[] = [];
  for (const event of events) {
    const index = indexes.get(worldKey(event));
    if (index === undefined) continue;
    const matches = matchEvent(index, event);
    if (runs.length + matches.length > mostRuns) refuse(matches.length, mostRuns);
    for (const run of runsOf(event, matches)) runs.push(run);
  }
  // Runs that are due at the same moment are taken by their ids: they go in the order of their events.
  const ids = runs.map(newRunId).sort();
  return runs.map((run, at) => ({ ...run, id: ids[at] as string }));
}

/** @param own runs that the event alone would start */
function refuse(own: number, limit: number): never {
  const message =
    own > limit
      ? `one event alone would start ${own} runs, and one request may start ${limit} (MILLRACE_RUNS_PER_PUBLISH)`
      : `these events would start more than ${limit} runs at once: publish fewer at a time`;
  return fail('too_many_runs', { message, facts: { limit } });
}

async function startRuns(
  { queue }: DispatchParts,
  sql: Sql,
  runs: readonly NewRun[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const started = new Map<string, string[]>();
  for (let from = 0; from < runs.length; from += SLICE_RUNS) {
    const slice = runs.slice(from, from + SLICE_RUNS);
    const accepted = new Set(await queue.enqueue(sql, slice));
    for (const run of slice) {
      if (!accepted.has(run.id)) continue;
      const key = eventKey({ accountId: run.accountId, mode: run.mode, id: run.eventId as string });
      const ids = started.get(key);
      if (ids === undefined) started.set(key, [run.id]);
      else ids.push(run.id);
    }
  }
  return started;
}
