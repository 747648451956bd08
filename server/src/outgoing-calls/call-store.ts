// SQL of outgoing calls: those of a run, which lie in days beside its log, and from when to when a node saw
// none. What is kept of a function over a day is egress-day-store.ts.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import { MOST_CALLS, type OutgoingCall, type SeenCalls } from './outgoing-call.ts';

/** Of these accounts, those that want nothing of it kept. */
export async function accountsWithoutCalls(
  sql: Sql,
  accountIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ account_id: string }>(
    'select account_id from account_egress where account_id = any ($1) and not records_calls',
    [accountIds],
  );
  return new Set(rows.map((row) => row.account_id));
}

/** What more becomes known of the same run is put behind, up to what is kept of one. */
export async function addCalls(sql: Sql, seen: readonly SeenCalls[]): Promise<void> {
  const ofRun = Map.groupBy(seen, ({ span }) => span.runId);
  const rows = [...ofRun.values()].map((all) => {
    const [{ span }] = all as [SeenCalls, ...SeenCalls[]];
    const calls = all.flatMap((one) => one.calls);
    return {
      ...{ run_id: span.runId, account_id: span.accountId, calls: calls.slice(0, MOST_CALLS) },
      left_out: all.reduce((sum, { leftOut }) => sum + leftOut, Math.max(0, calls.length - MOST_CALLS)),
      is_incomplete: all.some(({ isIncomplete }) => isIncomplete),
    };
  });
  await sql.query(
    `insert into run_calls select * from jsonb_populate_recordset(null::run_calls, $1::jsonb)
     on conflict (account_id, run_id) do update set
       calls = jsonb_path_query_array(run_calls.calls || excluded.calls, '$[0 to ${MOST_CALLS - 1}]'),
       left_out = run_calls.left_out + excluded.left_out
         + greatest(0, jsonb_array_length(run_calls.calls) + jsonb_array_length(excluded.calls) - ${MOST_CALLS}),
       is_incomplete = run_calls.is_incomplete or excluded.is_incomplete`,
    [JSON.stringify(rows)],
    'add calls',
  );
}

export type KeptCalls = { calls: OutgoingCall[]; leftOut: number; isIncomplete: boolean };

export async function findCalls(sql: Sql, { accountId }: World, runId: string): Promise<KeptCalls> {
  const [row] = await sql.query<{ calls: OutgoingCall[]; left_out: number; is_incomplete: boolean }>(
    'select calls, left_out, is_incomplete from run_calls where account_id = $1 and run_id = $2',
    [accountId, runId],
  );
  if (row === undefined) return { calls: [], leftOut: 0, isIncomplete: false };
  return { calls: row.calls, leftOut: row.left_out, isIncomplete: row.is_incomplete };
}

/** Why nothing may be known of a run in this span. null: everything was seen */
export async function reasonForGap(
  sql: Sql,
  { accountId }: World,
  { from, to }: { from: Date; to: Date },
): Promise<'switched_off' | 'not_watched' | null> {
  const [row] = await sql.query<{ off: boolean; unseen: boolean }>(
    `select exists (select from account_egress
         where account_id = $1 and records_changed_at is not null
           and (not records_calls or records_changed_at > $2)) as off,
       exists (select from call_gaps where since <= $3 and coalesce(until, 'infinity') >= $2) as unseen`,
    [accountId, from, to],
  );
  if (row?.off === true) return 'switched_off';
  return row?.unseen === true ? 'not_watched' : null;
}

/** From now on this node sees none. */
export async function openGap(sql: Sql, nodeId: string): Promise<void> {
  await sql.query(
    `insert into call_gaps (node_id) select $1
     where not exists (select from call_gaps where node_id = $1 and until is null)`,
    [nodeId],
  );
}

/** Of this node, and of those that are gone. */
export async function closeGaps(sql: Sql, nodeId: string): Promise<void> {
  await sql.query(
    `update call_gaps set until = now()
     where until is null and (node_id = $1 or node_id not in (select id from nodes))`,
    [nodeId],
  );
}

/** @returns how many went, at most `limit` */
export async function deleteOldGaps(sql: Sql, keptDays: number, limit: number): Promise<number> {
  const rows = await sql.query(
    `delete from call_gaps where ctid = any (array(
       select ctid from call_gaps where until < now() - make_interval(days => $1) limit $2)) returning 1 as gone`,
    [keptDays, limit],
  );
  return rows.length;
}
