// SQL of how attempts got their sandbox: kept where it took time, so that a warm run costs no row. Written in
// the transaction of the run.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { SandboxStart } from './run.ts';
import type { RunWatch } from './run-watch.ts';

/** A warm place that was waited for so long is worth a row. */
const SHOWN_WAIT_MS = 5;

export const keepStarts: RunWatch = async (sql, written) => {
  const rows = written.flatMap(({ run, attempt }) => {
    const start = attempt?.start ?? null;
    if (start === null || (start.sandbox === 'warm' && start.waitedMs < SHOWN_WAIT_MS)) return [];
    const { sandbox, waitedMs: waited_ms, initMs: init_ms } = start;
    return [
      { run_id: run.id, attempt: run.attempts, account_id: run.accountId, sandbox, waited_ms, init_ms },
    ];
  });
  if (rows.length === 0) return;
  await sql.query(
    `insert into run_starts select * from jsonb_populate_recordset(null::run_starts, $1::jsonb) on conflict do nothing`,
    [JSON.stringify(rows)],
    'keep starts',
  );
};

/** By attempt. */
export async function findStarts(sql: Sql, world: World, runId: string): Promise<Map<number, SandboxStart>> {
  const rows = await sql.query<{
    attempt: number;
    sandbox: SandboxStart['sandbox'];
    waited_ms: number;
    init_ms: number | null;
  }>('select attempt, sandbox, waited_ms, init_ms from run_starts where account_id = $1 and run_id = $2', [
    world.accountId,
    runId,
  ]);
  return new Map(
    rows.map(({ attempt, sandbox, waited_ms: waitedMs, init_ms: initMs }) => [
      attempt,
      { sandbox, waitedMs, initMs },
    ]),
  );
}

/** Of runs that are older than they are kept, over all accounts. @returns how many went, at most `limit` */
export async function deleteOldStarts(sql: Sql, keptDays: number, limit: number): Promise<number> {
  const [row] = await sql.query<{ gone: number }>(
    `with gone as (
       delete from run_starts where ctid = any (array(
         select ctid from run_starts
         -- An id begins with its time.
         where run_id < (lpad(to_hex((extract(epoch from now() - make_interval(days => $1)) * 1000)::bigint), 12, '0')
           || '00000000000000000000')::uuid limit $2)) returning 1)
     select count(*) as gone from gone`,
    [keptDays, limit],
  );
  return row?.gone ?? 0;
}
