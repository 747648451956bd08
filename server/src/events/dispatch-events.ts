// What follows from events that are kept: their runs are queued, the other listeners are called. All of it in
// the transaction of the caller, who wakes the queue when that is committed. Called by publish-events.ts and
// event-router.ts.
import type { Sql } from '../postgres/database.ts';
import type { NewRun } from '../queue/new-run.ts';
import type { RunQueue } from '../queue/run-queue.ts';
import { type EventIndex, matchEvent } from '../triggers/event-matcher.ts';
import { type HeldWorlds, worldKey } from '../triggers/interest-directory.ts';
import type { TriggerInterest } from '../triggers/trigger-interests.ts';
import { eventKey, type PublishedEvent } from './account-event.ts';
import { type CausedRun, runsOf } from './event-runs.ts';
import { type FanOutParts, limitFanOut } from './fan-out.ts';

/**
 * @param held the worlds of all of them
 * @param together rows that they may cause where others share the transaction; null: they are one request's
 * @returns ids of the runs that each event has caused, by its key; those that caused none are left out
 */
export type DispatchEvents = (
  sql: Sql,
  events: readonly PublishedEvent[],
  held: HeldWorlds,
  together?: number | null,
) => Promise<ReadonlyMap<string, readonly string[]>>;

export type DispatchParts = FanOutParts & {
  queue: Pick<RunQueue, 'enqueue'>;
  newRunId(): string;
};

/** Runs handed to the queue at once: each holds its own copy of the event until it is written. */
export const SLICE_RUNS = 200;

export function createEventDispatcher(parts: DispatchParts): DispatchEvents {
  return async (sql, events, held, together = null) => {
    if (events.length === 0) return new Map();
    await limitFanOut(parts, sql, { events, held, together });
    const indexes = await parts.triggers.indexesOf(sql, held);
    const started = await startRuns(parts, sql, causedBy(parts, indexes, events));
    for (const { consume } of parts.consumers) await consume(sql, events, held);
    return started;
  };
}

function causedBy(
  { newRunId }: DispatchParts,
  indexes: ReadonlyMap<string, EventIndex<TriggerInterest>>,
  events: readonly PublishedEvent[],
): NewRun[] {
  const runs: CausedRun[] = [];
  for (const event of events) {
    const index = indexes.get(worldKey(event));
    if (index === undefined) continue;
    for (const run of runsOf(event, matchEvent(index, event))) runs.push(run);
  }
  // Runs that are due at the same moment are taken by their ids: they go in the order of their events.
  const ids = runs.map(newRunId).sort();
  return runs.map((run, at) => ({ ...run, id: ids[at] as string }));
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
