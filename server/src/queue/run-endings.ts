// Hands runs that have reached their final state to those who act on it, in the transaction that wrote the
// state: by kind of trigger to its follower, and all of them to who wants to know of every end. Called by
// whatever ends queued runs.
import type { Sql } from '../postgres/database.ts';
import type { StoredRun } from '../runs/run.ts';
import type { EndedRun, RunFollower, RunFollowers } from '../runs/run-follower.ts';

export type RunEndings = {
  followers: RunFollowers;
  /** Called with every end, of whatever trigger. */
  onEveryEnd: readonly RunFollower[];
};

/** @param results by run: what it returned, as JSON text */
export async function notifyEnds(
  { followers, onEveryEnd }: RunEndings,
  sql: Sql,
  runs: readonly StoredRun[],
  results: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const ended = runs
    .filter(hasEnded)
    .map((run): EndedRun => ({ ...run, result: results.get(run.id) ?? null }));
  for (const [trigger, ofTrigger] of Map.groupBy(ended, (run) => run.trigger)) {
    await followers[trigger]?.(sql, ofTrigger);
  }
  if (ended.length === 0) return;
  for (const follower of onEveryEnd) await follower(sql, ended);
}

function hasEnded({ status }: StoredRun): boolean {
  return status !== 'queued' && status !== 'running';
}
