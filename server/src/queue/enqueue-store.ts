// SQL that accepts runs: writes them as queued, inside the transaction of what causes them. Times are the
// database's. Called by durable-queue.ts alone, which has sealed the inputs.
import { storableTexts } from '../logs/storable-text.ts';
import type { Sql } from '../postgres/database.ts';
import { addCorrelations } from '../runs/correlation-store.ts';
import { causeWithTrace } from '../runs/trace-context.ts';
import type { NewRun } from './new-run.ts';

export type SealedRun = NewRun & { sealedInput: Buffer };

/**
 * Those whose function isn't in their world any more are left out. @returns ids of those that were written
 */
export async function insertQueuedRuns(sql: Sql, runs: readonly SealedRun[]): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `insert into runs (id, account_id, mode, function_id, version, pinned_version, trigger, cause, status, node, attempts,
       memory_mb, created_at, due_at, is_held, trigger_id, event_id, replay_of, sealed_input)
     select n.id, f.account_id, f.mode, f.id, coalesce(n.pinned_version, f.active_version), n.pinned_version, n.trigger,
       n.cause, 'queued', '', 0, f.memory_mb, now(),
       coalesce(n.due_at, now() + n.after_ms * interval '1 millisecond'),
       f.paused_at is not null or t.paused_at is not null,
       n.trigger_id, n.event_id, n.replay_of, decode(n.sealed_input, 'base64')
     from jsonb_to_recordset($1::jsonb) as n(id uuid, account_id text, mode mode, function_id text, pinned_version integer,
       trigger text, cause jsonb, after_ms double precision, due_at timestamptz, trigger_id text, event_id text,
       replay_of uuid, sealed_input text)
     join functions f on f.id = n.function_id and f.account_id = n.account_id and f.mode = n.mode
     -- By its key: put so that the index of the account's triggers, all of which would be read, can't serve.
     left join triggers t on t.id = n.trigger_id and t.account_id || '' = f.account_id
     returning id`,
    [JSON.stringify(runs.map(toRow))],
    'enqueue',
  );
  const written = new Set(rows.map((row) => row.id));
  const traced = runs.map((run) => ({ ...run, cause: causeWithTrace(run.cause, headersOf(run)) }));
  await addCorrelations(
    sql,
    traced.filter(({ id }) => written.has(id)),
  );
  return [...written];
}

function headersOf({ input }: SealedRun): string[] | undefined {
  return input.request?.rawHeaders;
}

function toRow(run: SealedRun): Record<string, unknown> {
  return {
    id: run.id,
    account_id: run.accountId,
    mode: run.mode,
    function_id: run.functionId,
    pinned_version: run.version,
    trigger: run.input.trigger,
    cause: storableTexts(causeWithTrace(run.cause, headersOf(run))),
    after_ms: 'afterMs' in run.due ? run.due.afterMs : null,
    due_at: 'at' in run.due ? run.due.at.toISOString() : null,
    trigger_id: run.triggerId,
    event_id: run.eventId,
    replay_of: run.replayOf,
    sealed_input: run.sealedInput.toString('base64'),
  };
}

/**
 * What an account may have queued, and what it has, counted no further than its limit.
 * @param usualLimit of an account that has none of its own, nor by its plan
 */
export async function measureQueue(
  sql: Sql,
  accountId: string,
  usualLimit: number,
): Promise<{ limit: number | null; queued: number }> {
  const [row] = await sql.query<{ limit: number | null; queued: number }>(
    `with allowed as (
       select coalesce(a.queued_runs, (p.limits ->> 'queued_runs')::integer) as most
       from accounts a left join plans p on p.name = a.plan where a.id = $1)
     select (select most from allowed) as limit,
       (select count(*) from (
         select from runs where account_id = $1 and status = 'queued'
         limit coalesce((select most from allowed), $2::integer)
       ) as counted) as queued`,
    [accountId, usualLimit],
    'measure queue',
  );
  return row ?? { limit: null, queued: 0 };
}
