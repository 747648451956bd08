// SQL of the history: how a run that has ended leaves `runs`, where the queue lives, for `ended_runs`, with
// what it was given and returned going to `run_contents`. One statement does both, so that a run is
// always in one place. Called by whatever ends runs, and by what moves those of before. Readers read
// `all_runs`.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';

const COLUMNS = `id, created_at, started_at, ended_at, duration_ms, memory_peak_bytes, mode, status, version, memory_mb,
  attempts, response_status, account_id, function_id, trigger, cause, engine, init_ms, error, due_at, pinned_version,
  trigger_id, event_id, replay_of, dead_letter`;

/**
 * The last parts of a `with` that has ended runs, no longer in `runs`, in its part `gone`: all columns of
 * {@link RUN_COLUMNS}.
 */
export const KEEP_GONE = `kept as (
    insert into ended_runs (${COLUMNS}, history)
    select ${COLUMNS}, nullif(history, '[]') from gone on conflict (id) do nothing returning id
  ), contents as (
    insert into run_contents (account_id, run_id, sealed_input, sealed_result)
    select account_id, id, sealed_input, sealed_result from gone
    where sealed_input is not null or sealed_result is not null
    on conflict (account_id, run_id) do nothing
  )`;

/**
 * Forgets what an ended run was given, returned and printed, whom it called, the words of its errors, and who
 * called it. What it was, when, and how it ended stay. As part of a transaction.
 * @returns whether there is such a run, and it has ended
 */
export async function forgetContents(sql: Sql, { accountId, mode }: World, runId: string): Promise<boolean> {
  // Of before there was a history: it goes there first.
  await moveEnded(sql, [runId]);
  const rows = await sql.query(
    `update ended_runs set cause = coalesce((select jsonb_build_object('test', cause -> 'test') where cause ? 'test'), '{}'),
       error = ${bareError('error')},
       history = (select jsonb_agg(past || jsonb_build_object('error', ${bareError("nullif(past -> 'error', 'null')")}))
         from jsonb_array_elements(history) past)
     where account_id = $1 and mode = $2 and id = $3 returning id`,
    [accountId, mode, runId],
  );
  if (rows.length === 0) return false;
  for (const table of ['run_contents', 'run_logs', 'run_calls', 'run_correlations', 'old_run_logs']) {
    await sql.query(`delete from ${table} where account_id = $1 and run_id = $2`, [accountId, runId]);
  }
  return true;
}

/** Its type alone; null where there was none. */
function bareError(error: string): string {
  return `(select jsonb_build_object('type', ${error} -> 'type', 'message', '', 'stack', '') where ${error} is not null)`;
}

/** Moves runs that a statement before has ended where they stood. Others stay. */
export async function moveEnded(sql: Sql, runIds: readonly string[]): Promise<void> {
  if (runIds.length === 0) return;
  await sql.query(
    `with gone as (
       delete from runs where id = any ($1::uuid[]) and status not in ('queued', 'running') returning *
     ), ${KEEP_GONE}
     select`,
    [runIds],
    'move ended',
  );
}
