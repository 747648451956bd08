// SQL of runs. Every reader is limited to one world; writers write what the recorder hands them. Their logs
// are in run-log-store.ts, what becomes of old ones in old-run-store.ts.

import type { World } from '../accounts/account.ts';
import { storableText, storableTexts } from '../logs/storable-text.ts';
import type { Sql } from '../postgres/database.ts';
import type { Run, RunStatus, StoredRun } from './run.ts';
import type { TriggerKind } from './run-input.ts';
import { insertLogs, type PrintedLines } from './run-log-store.ts';

export type RecordedRun = PrintedLines & {
  run: Run;
  /** Its input and what it returned, as JSON, where they are kept. */
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
  trigger: TriggerKind;
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
 * Writes synchronous runs with their logs in one statement each; a run that stands there as running becomes
 * what it is now. Never touches a run that was claimed from the queue.
 * @returns the ids of those that were written: the others had ended before
 */
export async function recordRuns(
  sql: Sql,
  node: string,
  recorded: readonly SealedRecord[],
): Promise<Set<string>> {
  const rows = recorded.map(({ run, sealedInput, sealedResult }) => ({
    ...toRow(run),
    node,
    sealed_input: byteaText(sealedInput),
    sealed_result: byteaText(sealedResult),
  }));
  const written = await sql.query<{ id: string }>(
    `insert into runs (${COLUMNS}, node, sealed_input, sealed_result)
     select ${COLUMNS}, node, sealed_input, sealed_result from jsonb_populate_recordset(null::runs, $1::jsonb)
     on conflict (id) do update set
       version = excluded.version, status = excluded.status, attempts = excluded.attempts,
       started_at = excluded.started_at, ended_at = excluded.ended_at, duration_ms = excluded.duration_ms,
       init_ms = excluded.init_ms, memory_peak_bytes = excluded.memory_peak_bytes, error = excluded.error,
       engine = excluded.engine, response_status = excluded.response_status,
       sealed_input = excluded.sealed_input, sealed_result = excluded.sealed_result
     where runs.status = 'running' and runs.claims = 0
     returning id`,
    [JSON.stringify(rows)],
    'record runs',
  );
  await insertLogs(sql, recorded);
  return new Set(written.map(({ id }) => id));
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

type SealedContent = { status: string; input: Buffer | null; result: Buffer | null };

/** The input and the result of a run, sealed; null where that isn't kept. */
export async function findSealed(sql: Sql, world: World, runId: string): Promise<SealedContent | null> {
  const [row] = await sql.query<SealedContent>(
    `select status, sealed_input as input, sealed_result as result from runs
     where account_id = $1 and mode = $2 and id = $3`,
    [world.accountId, world.mode, runId],
  );
  return row ?? null;
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
