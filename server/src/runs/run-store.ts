// SQL of runs. Every reader is limited to one world; writers write what the recorder hands them. Their lists
// are in run-list-store.ts, their logs in run-log-store.ts, what becomes of old ones in old-run-store.ts.

import type { World } from '../accounts/account.ts';
import { storableText, storableTexts } from '../logs/storable-text.ts';
import type { Sql } from '../postgres/database.ts';
import { KEEP_GONE } from './ended-run-store.ts';
import type { Run, StoredRun } from './run.ts';
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

/** What {@link storedRun} needs, of `runs`, or of `all_runs` under that name. */
export const STORED_RUN = `runs.id, runs.account_id, runs.mode, runs.function_id, runs.version, runs.trigger, runs.cause,
  runs.status, runs.attempts, runs.memory_mb, runs.created_at, runs.started_at, runs.ended_at, runs.duration_ms,
  runs.init_ms, runs.memory_peak_bytes, runs.error, runs.engine, runs.response_status, runs.due_at, runs.is_held,
  runs.pinned_version, runs.trigger_id, runs.event_id, runs.replay_of, runs.dead_letter,
  runs.history, runs.sealed_input is not null as is_input_kept, runs.sealed_result is not null as is_result_kept`;

/**
 * Writes synchronous runs with their logs in one statement each: those that go on to where the queue is,
 * ended ones to the history. Never touches a run that was claimed from the queue, nor one that was closed
 * meanwhile.
 * @returns the ids of those that were written: the others had ended before
 */
export async function recordRuns(
  sql: Sql,
  node: string,
  recorded: readonly SealedRecord[],
): Promise<Set<string>> {
  const rows = recorded.map((one) => toRow(one, node));
  const written = await sql.query<{ id: string }>(
    `with given as (
       select * from jsonb_populate_recordset(null::runs, $1::jsonb)
     ), going as (
       insert into runs (${COLUMNS}, node)
       select ${COLUMNS}, node from given where status = 'running'
       on conflict (id) do update set version = excluded.version, attempts = excluded.attempts,
         started_at = excluded.started_at, engine = excluded.engine
       where runs.status = 'running' and runs.claims = 0 returning id
     ), going_no_more as (
       delete from runs using given
       where runs.id = given.id and given.status <> 'running' and runs.status = 'running' and runs.claims = 0
       returning runs.id
     ), gone as (
       select * from given where status <> 'running'
         and (id in (select id from going_no_more) or not exists (select from runs where runs.id = given.id))
     ), ${KEEP_GONE}
     select id from going union all select id from kept`,
    [JSON.stringify(rows)],
    'record runs',
  );
  await insertLogs(sql, recorded);
  return new Set(written.map(({ id }) => id));
}

export async function findRun(sql: Sql, world: World, runId: string): Promise<StoredRun | null> {
  const [row] = await sql.query<RunRow>(
    `select ${STORED_RUN} from all_runs runs where account_id = $1 and mode = $2 and id = $3`,
    [world.accountId, world.mode, runId],
  );
  return row === undefined ? null : storedRun(row);
}

type SealedContent = { status: string; input: Buffer | null; result: Buffer | null };

/** The input and the result of a run, sealed; null where that isn't kept. */
export async function findSealed(sql: Sql, world: World, runId: string): Promise<SealedContent | null> {
  const [row] = await sql.query<SealedContent>(
    `select status, sealed_input as input, sealed_result as result from all_runs
     where account_id = $1 and mode = $2 and id = $3`,
    [world.accountId, world.mode, runId],
  );
  return row ?? null;
}

/** How JSON says bytes to PostgreSQL. */
function byteaText(bytes: Buffer | null): string | null {
  return bytes === null ? null : `\\x${bytes.toString('hex')}`;
}

/** Runs of a batch began and ended in the same milliseconds. */
let lastTime = { ms: 0, text: new Date(0).toISOString() };

function at(ms: number | null): string | null {
  if (ms === null) return null;
  if (ms !== lastTime.ms) lastTime = { ms, text: new Date(ms).toISOString() };
  return lastTime.text;
}

function toRow({ run, sealedInput, sealedResult }: SealedRecord, node: string): Record<string, unknown> {
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
    node,
    sealed_input: byteaText(sealedInput),
    sealed_result: byteaText(sealedResult),
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
