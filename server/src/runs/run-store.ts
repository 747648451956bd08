// SQL of runs and their logs. Every reader is limited to one world; writers write what the recorder hands them.
import type { World } from '../accounts/account.ts';
import type { LogLine } from '../logs/log-lines.ts';
import { storableText } from '../logs/storable-text.ts';
import type { Sql } from '../postgres/database.ts';
import type { Run } from './run.ts';

export type RecordedRun = { run: Run; lines: LogLine[]; truncated: boolean };
export type RunPage = { limit: number; after: string | null; functionId: string | null };

type RunRow = {
  id: string;
  account_id: string;
  mode: Run['mode'];
  function_id: string;
  version: number;
  trigger: string;
  cause: Run['cause'];
  status: Run['status'];
  attempts: number;
  memory_mb: number;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
  duration_ms: number | null;
  init_ms: number | null;
  memory_peak_bytes: number | null;
  error: Run['error'];
  engine: string | null;
  response_status: number | null;
};

const COLUMNS = `id, account_id, mode, function_id, version, trigger, cause, status, attempts, memory_mb, created_at,
  started_at, ended_at, duration_ms, init_ms, memory_peak_bytes, error, engine, response_status`;

/** Writes runs with their logs in one statement each; a run that stands there as running becomes what it is now. */
export async function recordRuns(sql: Sql, node: string, recorded: readonly RecordedRun[]): Promise<void> {
  const rows = recorded.map(({ run }) => ({ ...toRow(run), node }));
  await sql.query(
    `insert into runs (${COLUMNS}, node)
     select ${COLUMNS}, node from jsonb_populate_recordset(null::runs, $1::jsonb)
     on conflict (id) do update set
       version = excluded.version, status = excluded.status, attempts = excluded.attempts,
       started_at = excluded.started_at, ended_at = excluded.ended_at, duration_ms = excluded.duration_ms,
       init_ms = excluded.init_ms, memory_peak_bytes = excluded.memory_peak_bytes, error = excluded.error,
       engine = excluded.engine, response_status = excluded.response_status
     where runs.status = 'running'`,
    [JSON.stringify(rows)],
  );
  const logs = recorded
    .filter(({ lines, truncated }) => lines.length > 0 || truncated)
    .map(({ run, lines, truncated }) => ({ run_id: run.id, account_id: run.accountId, lines, truncated }));
  if (logs.length === 0) return;
  await sql.query(
    `insert into run_logs (run_id, account_id, lines, truncated)
     select run_id, account_id, lines, truncated from jsonb_populate_recordset(null::run_logs, $1::jsonb)
     on conflict (run_id) do nothing`,
    [JSON.stringify(logs)],
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
     select id, account_id, $3::jsonb from runs where id = $1 and account_id = $2
     on conflict (run_id) do update set lines = run_logs.lines || excluded.lines`,
    [owner.runId, owner.accountId, JSON.stringify(lines)],
  );
}

/** Newest first. `after` is the id of the last run of the page before. */
export async function listRuns(sql: Sql, world: World, page: RunPage): Promise<Run[]> {
  const rows = await sql.query<RunRow>(
    `select ${COLUMNS} from runs
     where account_id = $1 and mode = $2
       and ($3::uuid is null or id < $3::uuid)
       and ($4::text is null or function_id = $4)
     order by id desc limit $5`,
    [world.accountId, world.mode, page.after, page.functionId, page.limit],
  );
  return rows.map(fromRow);
}

export async function findRun(sql: Sql, world: World, runId: string): Promise<Run | null> {
  const [row] = await sql.query<RunRow>(
    `select ${COLUMNS} from runs where account_id = $1 and mode = $2 and id = $3`,
    [world.accountId, world.mode, runId],
  );
  return row === undefined ? null : fromRow(row);
}

export async function findLogLines(
  sql: Sql,
  world: World,
  runId: string,
): Promise<{ lines: LogLine[]; truncated: boolean }> {
  const [row] = await sql.query<{ lines: LogLine[]; truncated: boolean }>(
    `select run_logs.lines, run_logs.truncated from run_logs
     join runs on runs.id = run_logs.run_id
     where runs.account_id = $1 and runs.mode = $2 and runs.id = $3`,
    [world.accountId, world.mode, runId],
  );
  return row ?? { lines: [], truncated: false };
}

/** Closes what a former life of this node left running; returns how many. Over all accounts: it is the node's own. */
export async function closeAbandonedRuns(sql: Sql, node: string): Promise<number> {
  const rows = await sql.query(
    `update runs set status = 'crashed', ended_at = now(),
       error = '{"type":"Platform.Stopped","message":"the platform stopped while the run was going on","stack":""}'
     where node = $1 and status = 'running' returning account_id`,
    [node],
  );
  return rows.length;
}

/** Deletes runs older than the retention, at most `limit` of them; returns how many. Over all accounts. */
export async function deleteOldRuns(sql: Sql, retentionDays: number, limit: number): Promise<number> {
  const rows = await sql.query(
    `delete from runs where id in (
       select id from runs where created_at < now() - make_interval(days => $1) and status <> 'running'
       order by id limit $2
     ) returning account_id`,
    [retentionDays, limit],
  );
  return rows.length;
}

function toRow(run: Run): Record<string, unknown> {
  const at = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  return {
    id: run.id,
    account_id: run.accountId,
    mode: run.mode,
    function_id: run.functionId,
    version: run.version,
    trigger: run.trigger,
    cause: mapTexts(run.cause),
    status: run.status,
    attempts: run.attempts,
    memory_mb: run.memoryMb,
    created_at: at(run.createdAtMs),
    started_at: at(run.startedAtMs),
    ended_at: at(run.endedAtMs),
    duration_ms: run.durationMs,
    init_ms: run.initMs,
    memory_peak_bytes: run.memoryPeakBytes,
    error: run.error === null ? null : mapTexts(run.error),
    engine: run.engine === null ? null : storableText(run.engine),
    response_status: run.responseStatus,
  };
}

/** What callers and functions put into a run is text that the database may not be able to hold. */
function mapTexts(record: Record<string, string | number | boolean | null>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [
      key,
      typeof value === 'string' ? storableText(value) : value,
    ]),
  );
}

function fromRow(row: RunRow): Run {
  return {
    id: row.id,
    accountId: row.account_id,
    mode: row.mode,
    functionId: row.function_id,
    version: row.version,
    trigger: row.trigger,
    cause: row.cause,
    status: row.status,
    attempts: row.attempts,
    memoryMb: row.memory_mb,
    createdAtMs: row.created_at.getTime(),
    startedAtMs: row.started_at?.getTime() ?? null,
    endedAtMs: row.ended_at?.getTime() ?? null,
    durationMs: row.duration_ms,
    initMs: row.init_ms,
    memoryPeakBytes: row.memory_peak_bytes,
    error: row.error,
    engine: row.engine,
    responseStatus: row.response_status,
  };
}
