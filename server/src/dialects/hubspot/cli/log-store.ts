// SQL that reads runs with their logs the way `hs logs` shows them: of all functions that a route had, ended
// ones only.
import type { World } from '../../../accounts/account.ts';
import type { LogLine } from '../../../logs/log-lines.ts';
import type { Sql } from '../../../postgres/database.ts';
import { ENDED_STATUSES, endedIds, type Put, runsOf } from '../../../runs/ended-ids.ts';
import type { RunStatus } from '../../../runs/run.ts';
import { EVERY_RUN, listRuns } from '../../../runs/run-list-store.ts';
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

const COLUMNS = `runs.id, runs.status, runs.created_at, runs.duration_ms, runs.memory_mb, runs.memory_peak_bytes, runs.error, runs.response_status,
  coalesce(old.lines, '[]') || coalesce(l.lines, '[]') as lines,
  coalesce(old.truncated, false) or coalesce(l.truncated, false) as truncated`;
/** Lines of runs from before there was a history may still be in the table of old. */
const LOGS = `left join run_logs l on l.account_id = $1 and l.run_id = runs.id
  left join old_run_logs old on old.run_id = runs.id`;

/** Newest first. */
export async function listLatestRuns(
  sql: Sql,
  world: World,
  functionIds: readonly string[],
  limit: number,
): Promise<LoggedRun[]> {
  const filter = { ...EVERY_RUN, functionIds, statuses: ENDED_STATUSES };
  const ids = (await listRuns(sql, world, filter, limit)).map(({ id }) => id);
  const rows = await sql.query<LoggedRow>(
    `select ${COLUMNS} from ${runsOf('select unnest($3::uuid[]) as id')} ${LOGS} order by runs.id desc`,
    [world.accountId, world.mode, ids],
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
  const { functionIds, after, limit } = query;
  const values: unknown[] = [world.accountId, world.mode, functionIds, after ?? BEFORE_ALL, limit];
  const put: Put = (value) => `$${values.push(value)}`;
  const where = `runs.account_id = $1 and runs.mode = $2 and runs.id > $4
    -- What began a moment ago may not be written yet.
    and runs.created_at < now() - interval '1 second'
    and not exists (
      select from runs going
      where going.account_id = $1 and going.mode = $2 and going.function_id = any ($3)
        and going.status = 'running' and going.id > $4 and going.id < runs.id)`;
  const ended = endedIds(put, {
    ...{ functionIds, statuses: null, trigger: null, from: '$4', before: null },
    ...{ where, order: 'asc', limit: '$5' },
  });
  const ids = `select id from (
      (select runs.id from runs where ${where} and runs.function_id = any ($3) and runs.status not in ('queued', 'running')
       order by runs.id limit $5)
      union all (${ended})
    ) as found order by id limit $5`;
  const rows = await sql.query<LoggedRow>(
    `select ${COLUMNS} from ${runsOf(ids)} ${LOGS} order by runs.id`,
    values,
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
