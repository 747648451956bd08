// Hands runs that have reached their final state to those who act on it, in the transaction that wrote the
// state: by kind of trigger to its follower, and all of them to who wants to know of every end. Called by
// whatever ends queued runs.
import type { Sql } from '../postgres/database.ts';
import type { AttemptFacts, StoredRun } from '../runs/run.ts';
import type { EndedRun, RunFollower, RunFollowers } from '../runs/run-follower.ts';
import { hasEnded, type RunWatch } from '../runs/run-watch.ts';

export type RunEndings = {
  followers: RunFollowers;
  /** Called with every end, of whatever trigger. */
  onEveryEnd: readonly RunFollower[];
  /** Is given whatever is written, ends or not. */
  watch: RunWatch;
};

/** What is written beside the runs themselves, by run. */
export type WrittenBeside = {
  /** What it returned, as JSON text. */
  results: ReadonlyMap<string, string>;
  /** What went in and came out, of those whose attempt is written. */
  attempts: ReadonlyMap<string, AttemptFacts>;
};

const NOTHING: WrittenBeside = { results: new Map(), attempts: new Map() };

export async function notifyEnds(
  { followers, onEveryEnd, watch }: RunEndings,
  sql: Sql,
  runs: readonly StoredRun[],
  { results, attempts }: WrittenBeside = NOTHING,
): Promise<void> {
  await watch(
    sql,
    runs.map((run) => ({ run, attempt: attempts.get(run.id) ?? null })),
  );
  const ended = runs
    .filter(hasEnded)
    .map((run): EndedRun => ({ ...run, result: results.get(run.id) ?? null }));
  for (const [trigger, ofTrigger] of Map.groupBy(ended, (run) => run.trigger)) {
    await followers[trigger]?.(sql, ofTrigger);
  }
  if (ended.length === 0) return;
  for (const follower of onEveryEnd) await follower(sql, ended);
}
