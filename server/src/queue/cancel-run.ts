// Ends a run at its owner's request. One that waits is cancelled at once. One that is going on is marked, so
// that it isn't tried again whatever becomes of this attempt, and its instance is killed: here, or by the
// node that has it, which is notified.
import type { World } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import type { Database, Sql } from '../postgres/database.ts';
import type { ActiveRuns } from '../runs/active-runs.ts';
import type { StoredRun } from '../runs/run.ts';
import { cancelQueued, markForCancelling, notifyCancelling } from './cancel-store.ts';
import { notifyEnds, type RunEndings } from './run-endings.ts';

/**
 * @returns the run: `cancelled`, or still `running` for a moment
 * @throws Failure `not_found`; `invalid_state` when it has ended
 */
export type CancelRun = (world: World, runId: string) => Promise<StoredRun>;

type Parts = { database: Database; endings: RunEndings; active: Pick<ActiveRuns, 'cancel'> };

export function createRunCanceller({ database, endings, active }: Parts): CancelRun {
  return async (world, runId) => {
    const run = await database.transaction(async (sql) => {
      const queued = await cancelQueued(sql, world, runId);
      if (queued !== null) await notifyEnds(endings, sql, [queued]);
      return queued ?? (await requireRunning(sql, world, runId));
    });
    if (run.status === 'running' && !active.cancel(runId)) await notifyCancelling(database, runId);
    return run;
  };
}

async function requireRunning(sql: Sql, world: World, runId: string): Promise<StoredRun> {
  const run = await markForCancelling(sql, world, runId);
  if (run === null) fail('not_found', { message: 'there is no such run' });
  if (run.status === 'running') return run;
  return fail('invalid_state', { message: `the run has ended: it is ${run.status}` });
}
