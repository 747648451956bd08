// The queue as others see it: accept runs inside a transaction, notify the workers afterwards. Implemented in
// this folder, given to triggers, events, schedules, dialects and the API by roles/. Types only.
import type { Sql } from '../postgres/database.ts';
import type { NewRun } from './new-run.ts';

export type RunQueue = {
  /**
   * Writes runs as queued, inside the caller's transaction; their inputs are sealed. Those whose function is
   * gone by now are left out. Paused functions' runs are held.
   * @returns ids of the runs that were taken
   * @throws Failure `too_many_runs` when an account's queue is full, `payload_too_large` for an input over
   * the limit
   */
  enqueue(sql: Sql, runs: readonly NewRun[]): Promise<string[]>;
  /**
   * To be called once that transaction is committed: workers here look at once, those of other nodes are
   * notified.
   */
  wake(): void;
};
