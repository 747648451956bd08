// SQL of the runs of an account that is deleted: those that still wait, and those of before there was a
// history. The history's own partitions are deleted as every table is. Called by roles/start-deletions.ts.
import type { Sql } from '../postgres/database.ts';

/** Whatever they are, with their logs. @returns how many of each */
export async function deleteAccountRuns(
  sql: Sql,
  accountId: string,
  limit: number,
): Promise<{ runs: number; old_run_logs: number }> {
  const [row] = await sql.query<{ runs: number; old_run_logs: number }>(
    `with chosen as (select id from runs where account_id = $1 limit $2),
       logs as (delete from old_run_logs where run_id in (select id from chosen) returning 1),
       gone as (delete from runs where id in (select id from chosen) returning 1)
     select (select count(*) from gone) as runs, (select count(*) from logs) as old_run_logs`,
    [accountId, limit],
  );
  return row ?? { runs: 0, old_run_logs: 0 };
}
