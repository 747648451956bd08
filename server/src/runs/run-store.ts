// SQL of runs and their logs. Every reader is limited to one world; writers write what the recorder hands them.
import type { World } from '../accounts/account.ts';
import type { LogLine } from '../logs/log-lines.ts';
import { storableText, storableTexts } from '../logs/storable-text.ts';
import type { Sql } from '../postgres/database.ts';
import type { Run, RunStatus, StoredRun } from './run.ts';

export type RecordedRun = {
  run: Run;
  lines: LogLine[];
  truncated: boolean;
  /** What it was told and what it returned, as JSON, where they are kept. */
  input?: Buffer;
  result?: Buffer;
  /** The function is disabled after so many faults in a row. */
  countsFaults?: true;
};
export type SealedRecord = RecordedRun & { sealedInput: Buffer | null; sealedResult: Buffer | null };

export type RunRow = {
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
  due_at: Date | null;
  is_held: boolean;
  pinned_version: number | null;
  trigger_id: string | null;
  event_id: string | null;
  replay_of: string | null;
  dead_letter: StoredRun['deadLetter'];
  history: StoredRun['history'];
  is_input_kept: boolean;
  is_result_kept: boolean;
};

const COLUMNS = `id, account_id, mode, function_id, version, trigger, cause, status, attempts, memory_mb, created_at,
  started_at, ended_at, duration_ms, init_ms, memory_peak_bytes, error, engine, response_status`;

/** What {@link storedRun} needs, of a table or alias named `runs`. */
export const STORED_RUN = `runs.id, runs.account_id, runs.mode, runs.function_id, runs.version, runs.trigger, runs.cause,
  runs.status, runs.attempts, runs.memory_mb, runs.created_at, runs.started_at, runs.ended_at, runs.duration_ms,
  runs.init_ms, runs.memory_peak_bytes, runs.error, runs.engine, runs.response_status, runs.due_at, runs.is_held,
  runs.pinned_version, runs.trigger_id, runs.event_id, runs.replay_of, runs.dead_letter,
  runs.history, runs.sealed_input is not null as is_input_kept, runs.sealed_result is not null as is_result_kept`;

/**
 * Writes runs that somebody waits for with their logs in one statement each; a run that stands there as running becomes what
 * it is now. Never touches a run that was claimed from the queue.
 */
export async function recordRuns(sql: Sql, node: string, recorded: readonly SealedRecord[]): Promise<void> {
  const rows = recorded.map(({ run, sealedInput, sealedResult }) => ({
    ...toRow(run),
    node,
    sealed_input: byteaText(sealedInput),
    sealed_result: byteaText(sealedResult),
  }));
  await sql.query(
    `insert into runs (${COLUMNS}, node, sealed_input, sealed_result)
     select ${COLUMNS}, node, sealed_input, sealed_result from jsonb_populate_recordset(null::runs, $1::jsonb)
     on conflict (id) do update set
       version = excluded.version, status = excluded.status, attempts = excluded.attempts,
       started_at = excluded.started_at, ended_at = excluded.ended_at, duration_ms = excluded.duration_ms,
       init_ms = excluded.init_ms, memory_peak_bytes = excluded.memory_peak_bytes, error = excluded.error,
       engine = excluded.engine, response_status = excluded.response_status,
       sealed_input = excluded.sealed_input, sealed_result = excluded.sealed_result
     where runs.status = 'running' and runs.claims = 0`,
    [JSON.stringify(rows)],
    'record runs',
  );
  await insertLogs(sql, recorded, 'do nothing');
}

/** As part of writing how attempts ended: what a later attempt printed stands behind what an earlier one did. */
export function addAttemptLogs(sql: Sql, recorded: readonly RecordedRun[]): Promise<void> {
  return insertLogs(
    sql,
    recorded,
    'do update set lines = run_logs.lines || excluded.lines, truncated = run_logs.truncated or excluded.truncated',
  );
}

async function insertLogs(
  sql: Sql,
  recorded: readonly RecordedRun[],
  onConflict: 'do nothing' | `do update set ${string}`,
): Promise<void> {
  const logs = recorded
    .filter(({ lines, truncated }) => lines.length > 0 || truncated)
    .map(({ run, lines, truncated }) => ({ run_id: run.id, account_id: run.accountId, lines, truncated }));
  if (logs.length === 0) return;
  await sql.query(
    `insert into run_logs (run_id, account_id, lines, truncated)
     select run_id, account_id, lines, truncated from jsonb_populate_recordset(null::run_logs, $1::jsonb)
     on conflict (run_id) ${onConflict}`,
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

export type RunFilter = {
  /** Id of the last run of the page before. */
  after: string | null;
  functionId: string | null;
  status: RunStatus | null;
  trigger: string | null;
  createdAfter: Date | null;
};

/** Newest first. */
export async function listRuns(
  sql: Sql,
  world: World,
  filter: RunFilter,
  limit: number,
): Promise<StoredRun[]> {
  const rows = await sql.query<RunRow>(
    `select ${STORED_RUN} from runs
     where account_id = $1 and mode = $2
       and ($3::uuid is null or id < $3::uuid)
       and ($4::text is null or function_id = $4)
       and ($5::text is null or trigger = $5)
       and ($6::timestamptz is null or created_at > $6)
       ${filter.status === null ? '' : `and status = '${filter.status}'`}
     order by id desc limit $7`,
    [
      world.accountId,
      world.mode,
      filter.after,
      filter.functionId,
      filter.trigger,
      filter.createdAfter,
      limit,
    ],
  );
  return rows.map(storedRun);
}

export async function findRun(sql: Sql, world: World, runId: string): Promise<StoredRun | null> {
  const [row] = await sql.query<RunRow>(
    `select ${STORED_RUN} from runs where account_id = $1 and mode = $2 and id = $3`,
    [world.accountId, world.mode, runId],
    'find run',
  );
  return row === undefined ? null : storedRun(row);
}

/** What a run was told and what it returned, sealed; null where that isn't kept. */
export async function findSealed(
  sql: Sql,
  world: World,
  runId: string,
): Promise<{ input: Buffer | null; result: Buffer | null } | null> {
  const [row] = await sql.query<{ input: Buffer | null; result: Buffer | null }>(
    `select sealed_input as input, sealed_result as result from runs
     where account_id = $1 and mode = $2 and id = $3`,
    [world.accountId, world.mode, runId],
  );
  return row ?? null;
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
 * Forgets what ended runs were told and returned, in the order of their ids, which is that of time. Over all accounts.
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

/** How JSON says bytes to PostgreSQL. */
function byteaText(bytes: Buffer | null): string | null {
  return bytes === null ? null : `\\x${bytes.toString('hex')}`;
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
    cause: storableTexts(run.cause),
    status: run.status,
    attempts: run.attempts,
    memory_mb: run.memoryMb,
    created_at: at(run.createdAtMs),
    started_at: at(run.startedAtMs),
    ended_at: at(run.endedAtMs),
    duration_ms: run.durationMs,
    init_ms: run.initMs,
    memory_peak_bytes: run.memoryPeakBytes,
    error: run.error === null ? null : storableTexts(run.error),
    engine: run.engine === null ? null : storableText(run.engine),
    response_status: run.responseStatus,
  };
}

/** A row of {@link STORED_RUN}. */
export function storedRun(row: RunRow): StoredRun {
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
    dueAtMs: row.due_at?.getTime() ?? null,
    isHeld: row.is_held,
    pinnedVersion: row.pinned_version,
    triggerId: row.trigger_id,
    eventId: row.event_id,
    replayOf: row.replay_of,
    deadLetter: row.dead_letter,
    history: row.history,
    isInputKept: row.is_input_kept,
    isResultKept: row.is_result_kept,
  };
}
