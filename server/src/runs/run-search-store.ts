// SQL that looks for a text in what runs printed: a portion of runs at a time, so that no search holds the
// database for long. Limited to one account. Called by the search of runs.
import type { LogLine } from '../logs/log-lines.ts';
import type { Sql } from '../postgres/database.ts';

/** @returns the lines of those whose log has the text, regardless of case */
export async function logsHaving(
  sql: Sql,
  accountId: string,
  { text, runIds }: { text: string; runIds: readonly string[] },
): Promise<Map<string, LogLine[]>> {
  const rows = await sql.query<{ run_id: string; lines: LogLine[] }>(
    // Logs from before there was a history, until they are moved.
    `select run_id, lines from run_logs where account_id = $1 and run_id = any ($2::uuid[]) and lines::text ilike $3
     union all
     select run_id, lines from old_run_logs where account_id = $1 and run_id = any ($2::uuid[]) and lines::text ilike $3`,
    [accountId, runIds, likePattern(text)],
  );
  return new Map(rows.map((row) => [row.run_id, row.lines]));
}

/** As a text stands in JSON, with nothing in it that `like` reads otherwise. Pure. */
export function likePattern(text: string): string {
  const json = JSON.stringify(text).slice(1, -1);
  return `%${json.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;
}
