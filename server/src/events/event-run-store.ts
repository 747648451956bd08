// SQL of the runs that events have caused. Reading only: they are accepted by the queue.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { RunCause, RunStatus } from '../runs/run.ts';
import { ownTraceparent } from '../runs/trace-context.ts';

/** What a match has become. */
export type EventRun = {
  eventId: string;
  id: string;
  functionId: string;
  triggerId: string | null;
  status: RunStatus;
  cause: RunCause;
};

/** Oldest first; without those that repeat another, which the event didn't cause. */
export async function runsOfEvents(
  sql: Sql,
  world: World,
  eventIds: readonly string[],
  limit: number,
): Promise<EventRun[]> {
  const rows = await sql.query<{
    event_id: string;
    id: string;
    function_id: string;
    trigger_id: string | null;
    status: RunStatus;
    cause: RunCause;
  }>(
    `select event_id, id, function_id, trigger_id, status, cause from all_runs
     where account_id = $1 and mode = $2 and event_id = any($3) and replay_of is null order by id limit $4`,
    [world.accountId, world.mode, eventIds, limit],
  );
  return rows.map((row) => ({
    eventId: row.event_id,
    id: row.id,
    functionId: row.function_id,
    triggerId: row.trigger_id,
    status: row.status,
    cause: row.cause,
  }));
}

/**
 * A run that is going on.
 * @returns null where there is none; `causeDepth`: of the event that caused it, null where none did
 */
export async function findPublishingRun(
  sql: Sql,
  world: World,
  runId: string,
): Promise<{ causeDepth: number | null; traceparent: string | null } | null> {
  const [row] = await sql.query<{ depth: number | null; cause: RunCause; attempts: number }>(
    `select e.depth, r.cause, r.attempts from runs r
     left join events e on e.account_id = r.account_id and e.mode = r.mode and e.id = r.event_id
     where r.account_id = $1 and r.mode = $2 and r.id = $3 and r.status = 'running'`,
    [world.accountId, world.mode, runId],
  );
  if (row === undefined) return null;
  const { depth, cause, attempts } = row;
  return { causeDepth: depth, traceparent: ownTraceparent({ id: runId, cause, attempts }) };
}
