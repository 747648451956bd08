// Who is given everything that is written of runs, in the transaction that writes it: what counts them,
// groups their errors, shows them as they go on. Types, and one function that makes one of many. Called by
// what writes runs: the recorder, and the queue's settler, rescuer and canceller.
import type { Sql } from '../postgres/database.ts';
import type { AttemptFacts, Run, StoredRun } from './run.ts';

export type WrittenRun = {
  /** As it is now; of the queue's runs, with what only those have. */
  run: Run & Partial<StoredRun>;
  /** Of the attempt that is written with it; null: none is. */
  attempt: AttemptFacts | null;
};

/** Must not wait for anything but the database, and must not fail for a reason that lies in one run. */
export type RunWatch = (sql: Sql, written: readonly WrittenRun[]) => Promise<void>;

export const NO_FACTS: AttemptFacts = { in: 0, out: 0 };

/** All of them, at once. */
export function watchAll(watches: readonly RunWatch[]): RunWatch {
  return async (sql, written) => {
    await Promise.all(watches.map((watch) => watch(sql, written)));
  };
}

export function hasEnded({ status }: Pick<Run, 'status'>): boolean {
  return status !== 'queued' && status !== 'running';
}
