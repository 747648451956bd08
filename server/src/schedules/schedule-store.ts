// SQL of schedules as the scheduler sees them: over all accounts, because time is the same for all; every row
// is locked while its ticks are decided, and locked rows are passed over, so that each tick is one node's.
// Called by scheduler.ts alone.
import type { Mode } from '../accounts/account.ts';
import { isActive } from '../accounts/account-status-store.ts';
import type { Sql } from '../postgres/database.ts';
import type { ScheduleTriggerSettings } from '../triggers/trigger.ts';

export type DueSchedule = {
  id: string;
  account_id: string;
  mode: Mode;
  name: string | null;
  function_id: string;
  function_name: string;
  /** Whether its function is switched on: if not, ticks pass. */
  is_runnable: boolean;
  settings: ScheduleTriggerSettings;
  next_tick_at: Date | null;
  waiting_tick_at: Date | null;
  /** Asked only where the overlap policy wants to know. */
  is_busy: boolean;
  now: Date;
};

const IS_BUSY = `exists (select from runs r
    where r.trigger_id = t.id and r.trigger = 'schedule' and r.status in ('queued', 'running'))`;
const SELECT = `select t.id, t.account_id, t.mode, t.name, t.function_id, f.name as function_name, f.enabled as is_runnable,
    t.settings, t.next_tick_at, t.waiting_tick_at, now() as now,
    case when t.settings->>'overlap' = 'allow' then false else ${IS_BUSY} end as is_busy
  from triggers t join functions f on f.id = t.function_id
  where t.kind = 'schedule' and t.enabled and t.paused_at is null and t.id <> all($1::text[])
    and ${isActive('t.account_id')}`;

/** Those that have a tick due, or none yet; locked until the transaction ends. */
export function lockDueSchedules(sql: Sql, except: readonly string[], limit: number): Promise<DueSchedule[]> {
  return sql.query<DueSchedule>(
    `${SELECT} and (t.next_tick_at is null or t.next_tick_at <= now())
     order by t.next_tick_at nulls first limit $2 for update of t skip locked`,
    [except, limit],
  );
}

/** Those whose waiting tick waits no more; locked until the transaction ends. */
export function lockReadySchedules(
  sql: Sql,
  except: readonly string[],
  limit: number,
): Promise<DueSchedule[]> {
  return sql.query<DueSchedule>(
    `${SELECT} and t.waiting_tick_at is not null and not ${IS_BUSY}
     order by t.waiting_tick_at limit $2 for update of t skip locked`,
    [except, limit],
  );
}

export type TickedSchedule = { id: string; nextTickMs: number | null; waitingTickMs: number | null };

/** Writes what was decided for locked schedules. */
export async function writeTicks(sql: Sql, ticked: readonly TickedSchedule[]): Promise<void> {
  const at = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  const rows = ticked.map(({ id, nextTickMs, waitingTickMs }) => ({
    ...{ id, next_tick_at: at(nextTickMs), waiting_tick_at: at(waitingTickMs) },
  }));
  await sql.query(
    `update triggers t set next_tick_at = n.next_tick_at, waiting_tick_at = n.waiting_tick_at
     from jsonb_to_recordset($1::jsonb) as n(id text, next_tick_at timestamptz, waiting_tick_at timestamptz)
     where t.id = n.id`,
    [JSON.stringify(rows)],
  );
}

/**
 * How long until the next tick of any schedule, negative if it is due; null: there is none. ms, on the
 * database's clock
 */
export async function untilNextTick(sql: Sql, except: readonly string[]): Promise<number | null> {
  const [row] = await sql.query<{ until_ms: number | null }>(
    `select (extract(epoch from min(t.next_tick_at) - now()) * 1000)::double precision as until_ms
     from triggers t where t.kind = 'schedule' and t.enabled and t.paused_at is null and t.id <> all($1::text[])
       and ${isActive('t.account_id')}`,
    [except],
  );
  return row?.until_ms ?? null;
}

/**
 * Notifies schedulers, once the transaction is committed, that runs have ended for which a tick of theirs
 * waits.
 */
export async function publishEndedRuns(sql: Sql, triggerIds: readonly string[]): Promise<void> {
  await sql.query(
    `select pg_notify('${SCHEDULE_CHANNEL}', '')
     where exists (select from triggers t where t.id = any($1::text[]) and t.waiting_tick_at is not null)`,
    [triggerIds],
  );
}

/** Called when a waiting tick may have become ready. */
export const SCHEDULE_CHANNEL = 'millrace_schedules';
