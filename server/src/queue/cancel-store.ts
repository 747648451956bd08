// SQL of runs that are to end.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import { moveEnded } from '../runs/ended-run-store.ts';
import type { StoredRun } from '../runs/run.ts';
import { findRun, type RunRow, STORED_RUN, storedRun } from '../runs/run-store.ts';

/** PostgreSQL channel; the payload is the run's id. */
export const CANCEL_CHANNEL = 'millrace_run_cancelled';

/** As part of a transaction. @returns the run, cancelled; null where it doesn't wait */
export async function cancelQueued(sql: Sql, world: World, runId: string): Promise<StoredRun | null> {
  const [row] = await sql.query<RunRow>(
    `update runs set status = 'cancelled', ended_at = now(), cancel_requested_at = now(),
       error = '{"type":"Platform.Cancelled","message":"the run was cancelled before it began","stack":""}'
     where account_id = $1 and mode = $2 and id = $3 and status = 'queued'
     returning ${STORED_RUN}`,
    [world.accountId, world.mode, runId],
  );
  if (row === undefined) return null;
  await moveEnded(sql, [runId]);
  return storedRun(row);
}

/** Marks a run that is going on. @returns the run in whatever state; null where there is none */
export async function markForCancelling(sql: Sql, world: World, runId: string): Promise<StoredRun | null> {
  await sql.query(
    `update runs set cancel_requested_at = coalesce(cancel_requested_at, now())
     where account_id = $1 and mode = $2 and id = $3 and status = 'running'`,
    [world.accountId, world.mode, runId],
  );
  return await findRun(sql, world, runId);
}

export async function notifyCancelling(sql: Sql, runId: string): Promise<void> {
  await sql.query('select pg_notify($1, $2)', [CANCEL_CHANNEL, runId]);
}

/** Runs that a node has in hand and that are to end: it may have missed the notification. */
export async function findCancelled(sql: Sql, nodeId: string): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `select id from runs where node = $1 and status = 'running' and cancel_requested_at is not null`,
    [nodeId],
  );
  return rows.map((row) => row.id);
}
