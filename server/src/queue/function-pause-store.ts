// SQL of pausing a function: its queued runs are held and keep their time, its calls are refused. Released
// runs are due when they were before. Called by pause-function.ts, and by the background service that looks
// for what was missed.
import type { World } from '../accounts/account.ts';
import { CHANGE_CHANNEL } from '../functions/function-store.ts';
import type { Sql } from '../postgres/database.ts';

/** One that is paused already stays paused since then. @returns whether there is such a function */
export async function pauseFunction(sql: Sql, world: World, id: string): Promise<boolean> {
  const rows = await sql.query(
    `update functions set paused_at = coalesce(paused_at, now()) where id = $1 and account_id = $2 and mode = $3
     returning id`,
    [id, world.accountId, world.mode],
  );
  if (rows.length === 0) return false;
  await sql.query(
    `update runs set is_held = true
     where function_id = $1 and account_id = $2 and mode = $3 and status = 'queued' and not is_held`,
    [id, world.accountId, world.mode],
  );
  await sql.query('select pg_notify($1, $2)', [CHANGE_CHANNEL, id]);
  return true;
}

/** Runs whose trigger is paused stay held. @returns whether there is such a function */
export async function resumeFunction(sql: Sql, world: World, id: string): Promise<boolean> {
  const rows = await sql.query(
    `update functions set paused_at = null where id = $1 and account_id = $2 and mode = $3 returning id`,
    [id, world.accountId, world.mode],
  );
  if (rows.length === 0) return false;
  await sql.query(
    `update runs set is_held = false
     where function_id = $1 and account_id = $2 and mode = $3 and status = 'queued' and is_held
       and not exists (select from triggers t where t.id = runs.trigger_id and t.paused_at is not null)`,
    [id, world.accountId, world.mode],
  );
  await sql.query('select pg_notify($1, $2)', [CHANGE_CHANNEL, id]);
  return true;
}

/**
 * Releases runs that nothing holds any more: one that was being accepted, or queued again, in the very moment
 * in which a pause ended was written as held after the others had been released; and those of a function that
 * was deleted while it was paused, which end as cancelled. Over all accounts: it is the platform's own care.
 * @returns how many
 */
export async function releaseForgottenRuns(sql: Sql, limit: number): Promise<number> {
  const rows = await sql.query(
    `with forgotten as (
       select runs.id from runs
       left join functions f on f.id = runs.function_id
       left join triggers t on t.id = runs.trigger_id
       where runs.status = 'queued' and runs.is_held and f.paused_at is null and t.paused_at is null
       limit $1 for update of runs skip locked
     )
     update runs set is_held = false from forgotten where runs.id = forgotten.id returning runs.id`,
    [limit],
  );
  return rows.length;
}
