// What becomes of runs, as it happens: one event for every state that is written, of the runs that a filter
// lets through. A reader that comes again gets what has changed meanwhile; where that is too much, it gets
// a note to read the list. The same state may come twice. Called by the endpoint of it.
import type { World } from '../accounts/account.ts';
import type { EventStream } from '../http/event-stream.ts';
import type { Sql } from '../postgres/database.ts';
import type { StoredRun } from '../runs/run.ts';
import type { RunFilter } from '../runs/run-list-store.ts';
import { findChangedSince } from './change-store.ts';
import type { RunChanges } from './run-changes.ts';

export type RunStreamParts = {
  sql: Sql;
  changes: Pick<RunChanges, 'read'>;
  /** Unix time in ms. */
  clock(): number;
  onError(error: unknown): void;
};

export type RunStreamReader = {
  world: World;
  filter: Pick<RunFilter, 'statuses' | 'trigger'> & { functionId: string | null };
  /** The moment up to which the reader has everything; null: it wants what comes. Unix time in ms */
  sinceMs: number | null;
  stream: EventStream;
  viewOf(run: StoredRun): unknown;
};

/** A change is heard of so long after its time, at most: clocks of nodes differ. ms */
const SLACK_MS = 2_000;
/** Until every node has heard of a new reader. ms */
const HEARD_WITHIN_MS = 1_000;
const FIRST_LOOKED = 500;
/** For a reader that comes again. */
const CAUGHT_UP = { looked: 5_000, most: 1_000 };

/** Resolves once changes go out. */
export async function streamRuns(parts: RunStreamParts, reader: RunStreamReader): Promise<void> {
  const { world, stream, filter } = reader;
  let heardAtMs = reader.sinceMs ?? parts.clock();
  const send = (runs: readonly StoredRun[]): void => {
    heardAtMs = parts.clock();
    for (const run of runs) {
      if (matches(filter, run))
        stream.send({ event: 'run', id: String(heardAtMs), data: reader.viewOf(run) });
    }
  };
  const catchUp = async (sinceMs: number, looked: number): Promise<void> => {
    const since = new Date(sinceMs);
    const runs = await findChangedSince(parts.sql, world, since, { looked, most: CAUGHT_UP.most + 1 });
    await stream.room();
    if (runs.length <= CAUGHT_UP.most) send(runs);
    else stream.send({ event: 'gap', id: String(parts.clock()), data: { since: since.toISOString() } });
  };
  const missed = (sinceMs = heardAtMs - SLACK_MS, looked = CAUGHT_UP.looked): void => {
    catchUp(sinceMs, looked).catch((error: unknown) => {
      parts.onError(error);
      stream.end();
    });
  };
  const stop = await parts.changes.read({ world, changed: send, missed: () => missed() });
  stream.onClose(stop);
  if (stream.isOver) stop();
  stream.send({ event: 'open', id: String(heardAtMs), data: {} });
  if (reader.sinceMs !== null) await catchUp(reader.sinceMs - SLACK_MS, CAUGHT_UP.looked);
  // What another node wrote before it heard that there is a reader.
  const openedAtMs = parts.clock();
  const once = setTimeout(() => missed(openedAtMs, FIRST_LOOKED), HEARD_WITHIN_MS);
  stream.onClose(() => clearTimeout(once));
}

/** Pure. */
export function matches(
  { functionId, statuses, trigger }: RunStreamReader['filter'],
  run: Pick<StoredRun, 'functionId' | 'status' | 'trigger'>,
): boolean {
  return (
    (functionId === null || run.functionId === functionId) &&
    (statuses === null || statuses.includes(run.status)) &&
    (trigger === null || run.trigger === trigger)
  );
}
