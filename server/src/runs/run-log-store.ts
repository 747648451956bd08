// SQL of what runs printed: one row a run, whatever its attempts. Readers are limited to one world.
import type { World } from '../accounts/account.ts';
import type { LogLine } from '../logs/log-lines.ts';
import type { Sql } from '../postgres/database.ts';
import type { Run } from './run.ts';

/** Of a run, or of one attempt. */
export type PrintedLines = {
  run: Pick<Run, 'id' | 'accountId'>;
  lines: LogLine[];
  truncated: boolean;
};

/** As part of writing runs that had one attempt. */
export function insertLogs(sql: Sql, printed: readonly PrintedLines[]): Promise<void> {
  return writeLogs(sql, printed, 'do nothing');
}

/**
 * As part of writing how attempts ended: what a later attempt printed stands behind what an earlier one did.
 */
export function addAttemptLogs(sql: Sql, printed: readonly PrintedLines[]): Promise<void> {
  return writeLogs(
    sql,
    printed,
    'do update set lines = run_logs.lines || excluded.lines, truncated = run_logs.truncated or excluded.truncated',
  );
}

/** Adds lines to the log of a run that has ended, behind what is there. */
export async function appendLogLines(
  sql: Sql,
  owner: { accountId: string; runId: string },
  lines: readonly LogLine[],
): Promise<void> {
  await sql.query(
    `insert into run_logs (run_id, account_id, lines)
     select id, account_id, $3::jsonb from all_runs where id = $1 and account_id = $2
     on conflict (account_id, run_id) do update set lines = run_logs.lines || excluded.lines`,
    [owner.runId, owner.accountId, JSON.stringify(lines)],
  );
}

export async function findLogLines(
  sql: Sql,
  world: World,
  runId: string,
): Promise<{ lines: LogLine[]; truncated: boolean }> {
  const [row] = await sql.query<{ lines: LogLine[]; truncated: boolean }>(
    // Of a run from before there was a history, until it is moved, lines may lie in two places.
    `select coalesce((select lines from old_run_logs where run_id = run.id), '[]')
         || coalesce((select lines from run_logs where account_id = $1 and run_id = run.id), '[]') as lines,
       exists (select from old_run_logs where run_id = run.id and truncated)
         or exists (select from run_logs where account_id = $1 and run_id = run.id and truncated) as truncated
     from all_runs run where account_id = $1 and mode = $2 and id = $3`,
    [world.accountId, world.mode, runId],
  );
  return row ?? { lines: [], truncated: false };
}

async function writeLogs(
  sql: Sql,
  printed: readonly PrintedLines[],
  onConflict: 'do nothing' | `do update set ${string}`,
): Promise<void> {
  const logs = printed
    .filter(({ lines, truncated }) => lines.length > 0 || truncated)
    .map(({ run, lines, truncated }) => ({ run_id: run.id, account_id: run.accountId, lines, truncated }));
  if (logs.length === 0) return;
  await sql.query(
    `insert into run_logs (run_id, account_id, lines, truncated)
     select run_id, account_id, lines, truncated from jsonb_populate_recordset(null::run_logs, $1::jsonb)
     on conflict (account_id, run_id) ${onConflict}`,
    [JSON.stringify(logs)],
  );
}
