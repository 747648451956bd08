// SQL of the runs that events have caused. Reading only: they are accepted by the queue.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { RunCause, RunStatus } from '../runs/run.ts';

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
    `select event_id, id, function_id, trigger_id, status, cause from runs
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
