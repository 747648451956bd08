// SQL of what becomes of old runs, over all accounts: their inputs and results are forgotten, then they are
// deleted. Called by run-sweeper.ts.
import type { Sql } from '../postgres/database.ts';

/** Deletes runs older than the retention, at most `limit` of them; returns how many. Over all accounts. */
export async function deleteOldRuns(sql: Sql, retentionDays: number, limit: number): Promise<number> {
  const rows = await sql.query(
    `delete from runs where id in (
       select id from runs where created_at < now() - make_interval(days => $1) and status not in ('running', 'queued')
       order by id limit $2
     ) returning account_id`,
    [retentionDays, limit],
  );
  return rows.length;
}

/**
 * Forgets the inputs and results of ended runs, in the order of their ids, which is that of time. Over all
 * accounts.
 * @param old.after the id that a call before ended at
 */
export async function forgetOldContents(
  sql: Sql,
  old: { retentionDays: number; after: string | null },
  limit: number,
): Promise<{ runs: number; last: string | null }> {
  const rows = await sql.query<{ id: string }>(
    `with old as (
       select id from runs
       where ($1::uuid is null or id > $1::uuid) and created_at < now() - make_interval(days => $2)
         and status not in ('queued', 'running') and (sealed_input is not null or sealed_result is not null)
         -- An id begins with its time: this bound is what the index is read to.
         and id < (lpad(to_hex((extract(epoch from now() - make_interval(days => $2)) * 1000)::bigint), 12, '0')
           || '00000000000000000000')::uuid
       order by id limit $3
     )
     update runs set sealed_input = null, sealed_result = null from old where runs.id = old.id returning runs.id`,
    [old.after, old.retentionDays, limit],
  );
  const last =
    rows
      .map((row) => row.id)
      .sort()
      .at(-1) ?? null;
  return { runs: rows.length, last };
}

/** Of an account that is deleted, whatever they are, with their logs. @returns how many of each */
export async function deleteAccountRuns(
  sql: Sql,
  accountId: string,
  limit: number,
): Promise<{ runs: number; run_logs: number }> {
  const [row] = await sql.query<{ runs: number; run_logs: number }>(
    `with chosen as (select id from runs where account_id = $1 limit $2),
       logs as (delete from run_logs where run_id in (select id from chosen) returning 1),
       gone as (delete from runs where id in (select id from chosen) returning 1)
     select (select count(*) from gone) as runs, (select count(*) from logs) as run_logs`,
    [accountId, limit],
  );
  return row ?? { runs: 0, run_logs: 0 };
}
