// SQL of pausing: a paused trigger goes on firing, its runs are accepted and held until it is resumed. A run
// that has begun goes on. Called by the API, in one transaction with the trigger locked.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import { moveEnded } from '../runs/ended-run-store.ts';

/** A trigger that is paused already stays paused since then. */
export async function pauseTrigger(sql: Sql, world: World, id: string): Promise<void> {
  await sql.query(
    `update triggers set paused_at = now(), modified_at = now()
     where id = $1 and account_id = $2 and mode = $3 and paused_at is null`,
    [id, world.accountId, world.mode],
  );
  await sql.query(
    `update runs set is_held = true
     where trigger_id = $1 and account_id = $2 and mode = $3 and status = 'queued' and not is_held`,
    [id, world.accountId, world.mode],
  );
}

/** Runs whose function is paused stay held. */
export async function resumeTrigger(sql: Sql, world: World, id: string): Promise<void> {
  await sql.query(
    `update triggers set paused_at = null, modified_at = now()
     where id = $1 and account_id = $2 and mode = $3 and paused_at is not null`,
    [id, world.accountId, world.mode],
  );
  await sql.query(
    `update runs set is_held = false
     where trigger_id = $1 and account_id = $2 and mode = $3 and status = 'queued' and is_held
       and not exists (select from functions f where f.id = runs.function_id and f.paused_at is not null)`,
    [id, world.accountId, world.mode],
  );
}

/** Nobody can release them any more once their paused trigger is deleted. */
export async function cancelHeldRuns(sql: Sql, world: World, triggerId: string): Promise<void> {
  const rows = await sql.query<{ id: string }>(
    `with gone as (
       update runs set status = 'cancelled', ended_at = now(), is_held = false
       where trigger_id = $1 and account_id = $2 and mode = $3 and status = 'queued' and is_held
       returning id, account_id, mode, function_id, trigger
     ), counted as (
       insert into run_counts (at, account_id, mode, function_id, trigger, cancelled)
       select date_trunc('minute', now()), account_id, mode, function_id, trigger, count(*)
       from gone group by account_id, mode, function_id, trigger
     )
     select id from gone`,
    [triggerId, world.accountId, world.mode],
  );
  await moveEnded(
    sql,
    rows.map(({ id }) => id),
  );
}
