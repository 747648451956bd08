// Who has to act when a run is over: a flow goes on, a delivery is settled. Called inside the transaction
// that writes the run's final state, so that the end of a run and what follows from it are one. Types only.
import type { Sql } from '../postgres/database.ts';
import type { StoredRun } from './run.ts';
import type { TriggerKind } from './run-input.ts';

export type EndedRun = StoredRun & {
  /** What the function returned, as JSON text; null where it didn't return, or nothing. */
  result: string | null;
};

/**
 * Is given the runs whose final state this transaction writes; must not wait for anything but the database,
 * and must not fail for a reason that lies in one run. Runs that are to be tried again haven't ended.
 */
export type RunFollower = (sql: Sql, ended: readonly EndedRun[]) => Promise<void>;

export type RunFollowers = Partial<Record<TriggerKind, RunFollower>>;
