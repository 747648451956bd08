// SQL that looks for a text in what runs printed: a portion of runs at a time, so that no search holds the
// database for long. Limited to one account. Called by the search of runs.
import type { LogLine } from '../logs/log-lines.ts';
import type { Sql } from '../postgres/database.ts';

/** `number`: as the attempt printed it, from 1. */
export type FoundLine = LogLine & { number: number };

/**
 * @param asked.most so many lines of each run: a whole log may be long, and there are many
 * @returns the first lines of those runs that have the text in a line, regardless of case
 */
export async function linesHaving(
  sql: Sql,
  accountId: string,
  { text, runIds, most }: { text: string; runIds: readonly string[]; most: number },
): Promise<Map<string, FoundLine[]>> {
  const rows = await sql.query<{ run_id: string; line: LogLine; number: number }>(
    // Logs from before there was a history, until they are moved. Only a log with the text is taken apart.
    `select logs.run_id, found.line, found.number::int
     from (
       select run_id, lines from run_logs where account_id = $1 and run_id = any ($2::uuid[]) and lines::text ~* $3
       union all
       select run_id, lines from old_run_logs
       where account_id = $1 and run_id = any ($2::uuid[]) and lines::text ~* $3
     ) as logs cross join lateral (
       select line, number from jsonb_array_elements(logs.lines) with ordinality as all_lines (line, number)
       where line ->> 'text' ~* $4 order by number limit $5
     ) as found order by logs.run_id, found.number`,
    [accountId, runIds, literal(JSON.stringify(text).slice(1, -1)), literal(text), most],
  );
  const found = new Map<string, FoundLine[]>();
  for (const { run_id: id, line, number } of rows) {
    const lines = found.get(id) ?? [];
    lines.push({ ...line, number });
    found.set(id, lines);
  }
  return found;
}

/**
 * As a regular expression that stands for the text itself (PostgreSQL, section 9.7.3.4): it reads a log
 * once. `ilike` begins anew at each character: 1.7 s for 199 equal ones in 20 logs of them. Pure.
 */
function literal(text: string): string {
  return `***=${text}`;
}
