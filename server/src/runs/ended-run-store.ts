// SQL of the history: how a run that has ended leaves `runs`, where the queue lives, for `ended_runs`, with
// what it was given and returned going to `run_contents`. One statement does both, so that a run is
// always in one place. Called by whatever ends runs, and by what moves those of before. Readers read
// `all_runs`.
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
