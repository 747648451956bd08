// SQL that writes how attempts of claimed runs ended, many in one statement. Fenced: a claim that isn't the
// run's last any more writes nothing. Times come as ages and are put on the database's clock. Called by
// settler.ts.
import { storableText, storableTexts } from '../logs/storable-text.ts';
import type { Sql } from '../postgres/database.ts';
import { KEEP_GONE } from '../runs/ended-run-store.ts';
import type { RunStatus, StoredRun } from '../runs/run.ts';
import { type RunRow, STORED_RUN, storedRun } from '../runs/run-store.ts';
import type { RunError } from '../sandbox/outcome.ts';

export type SettledAttempt = {
  id: string;
  accountId: string;
  claims: number;
  /** How the attempt ended; for a run that is handed back, null: there was none. */
  attempt: {
    status: RunStatus;
    error: RunError | null;
    version: number | null;
    startedAgoMs: number | null;
    endedAgoMs: number;
    durationMs: number | null;
    initMs: number | null;
    memoryPeakBytes: number | null;
    engine: string | null;
    blame: 'function' | 'platform' | 'nobody';
  } | null;
  /** `final`, or queued again after so long. */
  next: { final: RunStatus } | { queuedAfterMs: number };
  sealedResult: Buffer | null;
};

/** Whether the run's function or trigger is paused now: what is queued again waits with the others. */
export const IS_HELD_NOW = `(
  exists (select from functions f where f.id = runs.function_id and f.paused_at is not null)
  or exists (select from triggers t where t.id = runs.trigger_id and t.paused_at is not null))`;

/** A time as JSON of ours has it. */
function iso(time: string): string {
  return `to_char(${time} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** An entry of `history` for the attempt that a row stands for, before it is tried again. */
export function historyEntry(status: string, error: string): string {
  return `jsonb_build_object('attempt', runs.attempts, 'status', ${status},
    'started_at', ${iso('runs.started_at')}, 'ended_at', ${iso('now()')}, 'error', ${error})`;
}

/** What an attempt makes of its run, whether it is over or queued again: columns, and their values. */
const CHANGES: readonly [column: string, value: string][] = [
  ['attempts', 'runs.attempts - ended.handed_back::integer'],
  [
    'history',
    `case when ended.next_status = 'queued' and not ended.handed_back
       then runs.history || jsonb_build_object('attempt', runs.attempts, 'status', ended.status,
         'started_at', ${iso("(now() - ended.started_ago_ms * interval '1 millisecond')")},
         'ended_at', ${iso("(now() - ended.ended_ago_ms * interval '1 millisecond')")},
         'duration_ms', ended.duration_ms, 'error', ended.error)
       else runs.history end`,
  ],
  ['version', 'coalesce(ended.version, runs.version)'],
  ['started_at', "coalesce(now() - ended.started_ago_ms * interval '1 millisecond', runs.started_at)"],
  ['duration_ms', 'ended.duration_ms'],
  ['init_ms', 'ended.init_ms'],
  ['memory_peak_bytes', 'ended.memory_peak_bytes'],
  ['engine', 'ended.engine'],
  ['error', 'ended.error'],
  ['sealed_result', "decode(ended.sealed_result, 'base64')"],
];

/** @returns the runs as they are now; those that another claim has by now are missing */
export async function settleAttempts(sql: Sql, settled: readonly SettledAttempt[]): Promise<StoredRun[]> {
  const rows = await sql.query<RunRow>(
    `with ended as (
       select * from jsonb_to_recordset($1::jsonb) as t(id uuid, account_id text, claims integer, handed_back boolean,
         next_status run_status, queued_after_ms double precision, status text, error jsonb, version integer,
         started_ago_ms double precision, ended_ago_ms double precision, duration_ms double precision,
         init_ms double precision, memory_peak_bytes bigint, engine text, blame text, sealed_result text)
     ), owned as (
       -- In one order: two nodes that settle the same runs, one of them too late, don't wait for each other
       -- in a circle.
       select runs.id, case when ended.next_status = 'queued' and runs.cancel_requested_at is not null then 'cancelled'
         else ended.next_status end as next
       from runs join ended on ended.id = runs.id and ended.account_id = runs.account_id
       where runs.status = 'running' and runs.claims = ended.claims order by runs.id for update of runs
     ), again as (
       update runs set status = 'queued', ${CHANGES.map(([column, value]) => `${column} = ${value}`).join(', ')},
         due_at = now() + ended.queued_after_ms * interval '1 millisecond', is_held = ${IS_HELD_NOW}, ended_at = null,
         losses = case when ended.handed_back then runs.losses else 0 end,
         faults = runs.faults + (ended.blame = 'function')::integer,
         platform_faults = case when ended.handed_back then runs.platform_faults
           when ended.blame = 'platform' then runs.platform_faults + 1 else 0 end
       from ended join owned on owned.id = ended.id where runs.id = ended.id and owned.next = 'queued'
       returning runs.*
     ), gone as (
       delete from runs using ended join owned on owned.id = ended.id where runs.id = ended.id and owned.next <> 'queued'
       returning runs.id, runs.account_id, runs.mode, runs.function_id, runs.trigger, runs.cause, runs.memory_mb,
         runs.created_at, runs.response_status, runs.due_at, false as is_held, runs.pinned_version, runs.trigger_id,
         runs.event_id, runs.replay_of, runs.dead_letter, runs.sealed_input, owned.next as status,
         now() - ended.ended_ago_ms * interval '1 millisecond' as ended_at,
         ${CHANGES.map(([column, value]) => `${value} as ${column}`).join(', ')}
     ), ${KEEP_GONE}
     select ${STORED_RUN} from again runs union all select ${STORED_RUN} from gone runs`,
    [JSON.stringify(settled.map(toRow))],
    'settle',
  );
  return rows.map(storedRun);
}

function toRow(settled: SettledAttempt): Record<string, unknown> {
  const { attempt, next } = settled;
  return {
    id: settled.id,
    account_id: settled.accountId,
    claims: settled.claims,
    handed_back: attempt === null,
    next_status: 'final' in next ? next.final : 'queued',
    queued_after_ms: 'final' in next ? null : next.queuedAfterMs,
    status: attempt?.status ?? null,
    error: attempt?.error == null ? null : storableTexts(attempt.error),
    version: attempt?.version ?? null,
    started_ago_ms: attempt?.startedAgoMs ?? null,
    ended_ago_ms: attempt?.endedAgoMs ?? 0,
    duration_ms: attempt?.durationMs ?? null,
    init_ms: attempt?.initMs ?? null,
    memory_peak_bytes: attempt?.memoryPeakBytes ?? null,
    engine: attempt?.engine == null ? null : storableText(attempt.engine),
    blame: attempt?.blame ?? 'nobody',
    sealed_result: settled.sealedResult?.toString('base64') ?? null,
  };
}
