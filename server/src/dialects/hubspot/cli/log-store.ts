// SQL that reads runs with their logs the way `hs logs` shows them: of all functions that a route had, ended
// ones only.
import type { World } from '../../../accounts/account.ts';
import type { LogLine } from '../../../logs/log-lines.ts';
import type { Sql } from '../../../postgres/database.ts';
import type { RunStatus } from '../../../runs/run.ts';
import type { RunError } from '../../../sandbox/outcome.ts';

export type LoggedRun = {
  id: string;
  status: RunStatus;
  createdAt: Date;
  durationMs: number;
  memoryMb: number;
  memoryPeakBytes: number | null;
  error: RunError | null;
  responseStatus: number | null;
  lines: LogLine[];
  isTruncated: boolean;
};

type LoggedRow = {
  id: string;
  status: RunStatus;
  created_at: Date;
  duration_ms: number | null;
  memory_mb: number;
  memory_peak_bytes: number | null;
  error: RunError | null;
  response_status: number | null;
  lines: LogLine[] | null;
  truncated: boolean | null;
};

const COLUMNS = `r.id, r.status, r.created_at, r.duration_ms, r.memory_mb, r.memory_peak_bytes, r.error, r.response_status,
  l.lines, l.truncated`;
const TABLES = 'runs r left join run_logs l on l.run_id = r.id';
const THEIRS = `r.account_id = $1 and r.mode = $2 and r.function_id = any ($3) and r.status not in ('queued', 'running')`;

/** Newest first. */
export async function listLatestRuns(
  sql: Sql,
  world: World,
  functionIds: readonly string[],
  limit: number,
): Promise<LoggedRun[]> {
  const rows = await sql.query<LoggedRow>(
    `select ${COLUMNS} from ${TABLES} where ${THEIRS} order by r.id desc limit $4`,
    [world.accountId, world.mode, functionIds, limit],
  );
  return rows.map(fromRow);
}

export type FollowQuery = {
  functionIds: readonly string[];
  /** UUID of the last one seen; null: none was. */
  after: string | null;
  limit: number;
};

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/**
 * Oldest first, from behind `after`. Stops before the oldest run that still goes on: ids are in the order of
 * beginnings, and a cursor that had passed a run could never come back for it.
 */
export async function listRunsAfter(sql: Sql, world: World, query: FollowQuery): Promise<LoggedRun[]> {
  const rows = await sql.query<LoggedRow>(
    `select ${COLUMNS} from ${TABLES}
     where ${THEIRS} and r.id > $4
       -- What began a moment ago may not be written yet.
       and r.created_at < now() - interval '1 second'
       and not exists (
         select from runs going
         where going.account_id = $1 and going.mode = $2 and going.function_id = any ($3)
           and going.status = 'running' and going.id > $4 and going.id < r.id)
     order by r.id limit $5`,
    [world.accountId, world.mode, query.functionIds, query.after ?? BEFORE_ALL, query.limit],
  );
  return rows.map(fromRow);
}

function fromRow(row: LoggedRow): LoggedRun {
  return {
    id: row.id,
    status: row.status,
    createdAt: row.created_at,
    durationMs: row.duration_ms ?? 0,
    memoryMb: row.memory_mb,
    memoryPeakBytes: row.memory_peak_bytes,
    error: row.error,
    responseStatus: row.response_status,
    lines: row.lines ?? [],
    isTruncated: row.truncated ?? false,
  };
}
