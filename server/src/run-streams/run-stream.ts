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
  const catchUp = async (): Promise<void> => {
    const since = new Date(heardAtMs - SLACK_MS);
    const runs = await findChangedSince(parts.sql, world, since, {
      ...CAUGHT_UP,
      most: CAUGHT_UP.most + 1,
    });
    await stream.room();
    if (runs.length <= CAUGHT_UP.most) send(runs);
    else stream.send({ event: 'gap', id: String(parts.clock()), data: { since: since.toISOString() } });
  };
  const missed = (): void => {
    catchUp().catch((error: unknown) => {
      parts.onError(error);
      stream.end();
    });
  };
  const stop = await parts.changes.read({ world, changed: send, missed });
  stream.onClose(stop);
  if (stream.isOver) stop();
  stream.send({ event: 'open', id: String(heardAtMs), data: {} });
  if (reader.sinceMs !== null) await catchUp();
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
