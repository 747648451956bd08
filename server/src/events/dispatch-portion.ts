// What follows from one event that may cause more runs than a transaction, or its account's queue, takes: as
// much as there is room for, and where the rest begins. Functions are gone through in the order of their ids,
// so that none is started twice and none is forgotten, whatever is made or deleted in between. All of it in
// the transaction of the caller, event-router.ts.
import { Failure } from '../errors/failure.ts';
import type { Sql } from '../postgres/database.ts';
import type { NewRun } from '../queue/new-run.ts';
import { type EventIndex, matchEvent } from '../triggers/event-matcher.ts';
import { type HeldWorlds, worldKey } from '../triggers/interest-directory.ts';
import type { TriggerInterest } from '../triggers/trigger-interests.ts';
import type { PublishedEvent } from './account-event.ts';
import { type DispatchParts, SLICE_RUNS } from './dispatch-events.ts';
import { type CausedRun, runsOf } from './event-runs.ts';
import { sizeOf } from './fan-out.ts';

/**
 * @param reached the last function whose run was started; @param refusal why it ends there, null: the
 * transaction has enough
 */
export type Portion = { /** That it has written. */ rows: number } & (
  | { left: 'nothing' }
  | { left: 'more'; reached: string; refusal: Failure | null }
);

/**
 * The event's last portion is that in which everything else is notified of it.
 * @param behind the function that the portion before has reached
 * @throws Failure `too_many_runs` where not even one run could be started
 */
export type DispatchPortion = (
  sql: Sql,
  event: PublishedEvent,
  held: HeldWorlds,
  behind: string | null,
) => Promise<Portion>;

export function createPortionDispatcher(parts: DispatchParts): DispatchPortion {
  return async (sql, event, held, behind) => {
    const indexes = await parts.triggers.indexesOf(sql, held);
    const left = runsBehind(indexes.get(worldKey(event)), event, behind);
    const { started, refusal } = await startSome(parts, sql, left.slice(0, portionSize(parts, event)));
    if (started === left.length) {
      let rows = started;
      for (const { consume, counter } of parts.consumers) {
        rows += (await counter(sql, held))(event).rows;
        await consume(sql, [event], held);
      }
      return { left: 'nothing', rows };
    }
    const last = left[started - 1];
    if (last === undefined) throw refusal;
    return { left: 'more', reached: last.functionId, refusal, rows: started };
  };
}

/** Runs of one transaction: as many as hold no more of the event than one may. */
function portionSize({ mostRuns, mostBytes }: DispatchParts, event: PublishedEvent): number {
  return Math.max(1, Math.min(mostRuns, Math.floor(mostBytes / sizeOf(event))));
}

function runsBehind(
  index: EventIndex<TriggerInterest> | undefined,
  event: PublishedEvent,
  behind: string | null,
): CausedRun[] {
  if (index === undefined) return [];
  const matches = matchEvent(index, event).filter(
    ({ interest }) => behind === null || interest.recipient > behind,
  );
  return runsOf(event, matches).sort((a, b) => (a.functionId < b.functionId ? -1 : 1));
}

/** What is refused for want of room is tried by halves, down to a single run. */
async function startSome(
  { queue, newRunId }: DispatchParts,
  sql: Sql,
  runs: readonly CausedRun[],
): Promise<{ started: number; refusal: Failure | null }> {
  let started = 0;
  let size = SLICE_RUNS;
  while (started < runs.length) {
    const slice = runs.slice(started, started + size);
    const refusal = await refusalOf(queue.enqueue(sql, numbered(slice, newRunId)));
    if (refusal === null) started += slice.length;
    else if (slice.length === 1) return { started, refusal };
    else size = slice.length >> 1;
  }
  return { started, refusal: null };
}

async function refusalOf(enqueued: Promise<unknown>): Promise<Failure | null> {
  try {
    await enqueued;
    return null;
  } catch (error) {
    if (error instanceof Failure && error.code === 'too_many_runs') return error;
    throw error;
  }
}

/** Runs that are due at the same moment are taken by their ids. */
function numbered(runs: readonly CausedRun[], newRunId: () => string): NewRun[] {
  const ids = runs.map(newRunId).sort();
  return runs.map((run, at) => ({ ...run, id: ids[at] as string }));
}
