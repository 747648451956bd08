// SQL that counts what accounts have waiting besides runs, no further than their bound. Called through
// queue/queue-depth.ts.
import type { BoundName } from '../config/account-bounds.ts';
import type { Sql } from '../postgres/database.ts';

export type WaitingKind = Extract<BoundName, `waiting_${string}`>;

const WAITING = {
  waiting_flow_runs: "flow_runs where account_id = $1 and status = 'going'",
  waiting_mails: "template_mails where account_id = $1 and status = 'queued'",
  waiting_deliveries:
    "deliveries where account_id = $1 and mode in ('live', 'test') and status in ('queued', 'retry')",
} as const satisfies Record<WaitingKind, string>;

/** @param usual of an account that has none of its own */
export async function measureWaiting(
  sql: Sql,
  kind: WaitingKind,
  { accountId, usual }: { accountId: string; usual: number },
): Promise<{ limit: number | null; queued: number }> {
  const [row] = await sql.query<{ limit: number | null; queued: number }>(
    `select own_or_plans_bound($1, $3) as limit,
       (select count(*) from (select from ${WAITING[kind]}
         limit coalesce(own_or_plans_bound($1, $3), $2)) as counted) as queued`,
    [accountId, usual, kind],
    `measure ${kind}`,
  );
  return row ?? { limit: null, queued: 0 };
}
