// SQL of what runs are known by elsewhere: the trace that they are part of, the id of the request that caused
// them. Only runs that have either have rows, which lie in days as the runs do.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { Run } from './run.ts';
import type { RunWatch } from './run-watch.ts';
import { correlationsOf } from './trace-context.ts';

export const keepCorrelations: RunWatch = (sql, written) =>
  addCorrelations(
    sql,
    written.map(({ run }) => run),
  );

export async function addCorrelations(
  sql: Sql,
  runs: readonly Pick<Run, 'id' | 'accountId' | 'cause'>[],
): Promise<void> {
  const rows = runs.flatMap((run) =>
    correlationsOf(run).map((value) => ({ account_id: run.accountId, value, run_id: run.id })),
  );
  if (rows.length === 0) return;
  await sql.query(
    `insert into run_correlations
     select * from jsonb_populate_recordset(null::run_correlations, $1::jsonb) on conflict do nothing`,
    [JSON.stringify(rows)],
    'add correlations',
  );
}

/** Newest first. */
export async function findCorrelated(
  sql: Sql,
  { accountId }: World,
  value: string,
  limit: number,
): Promise<string[]> {
  const rows = await sql.query<{ run_id: string }>(
    'select run_id from run_correlations where account_id = $1 and value = $2 order by run_id desc limit $3',
    [accountId, value, limit],
  );
  return rows.map((row) => row.run_id);
}
