// SQL that takes runs from nodes that are gone: claimed ones are queued again, or dead when they were lost
// too often; those that a caller waited for are closed, because the caller has gone too. Over all accounts:
// it is the nodes' affair.
import type { Sql } from '../postgres/database.ts';
import { moveEnded } from '../runs/ended-run-store.ts';
import type { StoredRun } from '../runs/run.ts';
import { type RunRow, STORED_RUN, storedRun } from '../runs/run-store.ts';
import { historyEntry, IS_HELD_NOW } from './settle-store.ts';

const STOPPED = `'{"type":"Platform.Stopped","message":"the platform stopped while the run was going on","stack":""}'::jsonb`;
const NODE_LOST = `'{"type":"Platform.NodeLost","message":"the node that had the run in hand was lost","stack":""}'::jsonb`;
const POISON = `jsonb_build_object('type', 'Platform.Poison', 'stack', '',
  'message', format('%s nodes in a row were lost while they had this run in hand', runs.losses + 1))`;

/**
 * At most `limit` runs whose node's life is over. As part of a transaction.
 * @param mostLosses nodes in a row that a run may cost
 */
export async function takeLostRuns(sql: Sql, mostLosses: number, limit: number): Promise<StoredRun[]> {
  const rows = await sql.query<RunRow>(
    `with lost as (
       select runs.id, case
         when runs.claims = 0 then 'crashed'
         when runs.cancel_requested_at is not null then 'cancelled'
         when runs.losses + 1 >= $1 then 'dead'
         else 'queued' end::run_status as next
       from runs
       where runs.status = 'running' and not exists (select from nodes where nodes.id = runs.node)
       order by runs.id limit $2 for update of runs skip locked
     )
     update runs set status = lost.next, losses = runs.losses + 1,
       due_at = case when lost.next = 'queued' then now() else runs.due_at end,
       is_held = lost.next = 'queued' and ${IS_HELD_NOW},
       ended_at = case when lost.next = 'queued' then null else now() end,
       -- Of the attempt that was lost: what stands there is of the one before.
       duration_ms = null, init_ms = null, memory_peak_bytes = null,
       history = case when lost.next = 'queued' then runs.history || ${historyEntry("'crashed'", NODE_LOST)} else runs.history end,
       error = case lost.next when 'crashed' then ${STOPPED} when 'dead' then ${POISON} else ${NODE_LOST} end
     from lost where runs.id = lost.id
     returning ${STORED_RUN}`,
    [mostLosses, limit],
  );
  const ended = rows.filter(({ status }) => status !== 'queued').map(({ id }) => id);
  await moveEnded(sql, ended);
  return rows.map(storedRun);
}
