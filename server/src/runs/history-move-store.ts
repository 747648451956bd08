// SQL that moves runs of before there was a history to where they belong, with their logs, and notes how far
// it came. Over all accounts. Called by history-mover.ts alone.
import type { Sql } from '../postgres/database.ts';
import { KEEP_GONE } from './ended-run-store.ts';

/** How far it came; `isOver`: all are moved. */
export async function findMove(sql: Sql): Promise<{ movedTo: string | null; isOver: boolean }> {
  const [row] = await sql.query<{ moved_to: string | null; is_over: boolean }>(
    'select moved_to, moved_at is not null as is_over from history_state',
  );
  return { movedTo: row?.moved_to ?? null, isOver: row?.is_over ?? true };
}

export type LookedAt = { id: string; isEnded: boolean };

/** The next runs behind one, in the order of ids, whether ended or not. */
export async function lookBehind(sql: Sql, after: string | null, limit: number): Promise<LookedAt[]> {
  return await sql.query<LookedAt>(
    `select id, status not in ('queued', 'running') as "isEnded" from runs
     where $1::uuid is null or id > $1::uuid order by id limit $2`,
    [after, limit],
  );
}

/** Dead runs, which may be run again or discarded any moment. */
export async function findDead(sql: Sql, limit: number): Promise<LookedAt[]> {
  return await sql.query<LookedAt>(
    `select id, true as "isEnded" from runs where status = 'dead' order by id limit $1`,
    [limit],
  );
}

const KEEP_PRINTED = `insert into run_logs (run_id, account_id, lines, truncated)
     select run_id, account_id, lines, truncated from printed
     on conflict (account_id, run_id) do update
       set lines = excluded.lines || run_logs.lines, truncated = run_logs.truncated or excluded.truncated`;

/** With their logs: lines that were added since stand behind those of before. */
export async function moveOld(sql: Sql, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql.query(
    `with gone as (
       delete from runs where id = any ($1::uuid[]) and status not in ('queued', 'running') returning *
     ), ${KEEP_GONE}, printed as (
       delete from old_run_logs where run_id in (select id from gone) returning *
     )
     ${KEEP_PRINTED}`,
    [ids],
  );
}

/** @returns how many logs */
export async function moveLeftLogs(sql: Sql, limit: number): Promise<number> {
  const rows = await sql.query(
    `with printed as (
       delete from old_run_logs where run_id in (select run_id from old_run_logs order by run_id limit $1) returning *
     )
     ${KEEP_PRINTED} returning run_id`,
    [limit],
  );
  return rows.length;
}

export async function noteMoved(sql: Sql, movedTo: string): Promise<void> {
  await sql.query('update history_state set moved_to = $1', [movedTo]);
}

export async function endMove(sql: Sql): Promise<void> {
  await sql.query('update history_state set moved_at = now()');
}
