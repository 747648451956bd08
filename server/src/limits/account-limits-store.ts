// SQL of the limits that accounts have of their own, or by their plan. A change is announced inside the
// transaction that makes it.
import type { Sql } from '../postgres/database.ts';
import type { OwnLimits } from './account-limits.ts';

/** PostgreSQL channel; the payload is the account's id, empty for all accounts. */
export const LIMITS_CHANNEL = 'millrace_account_limits';

type LimitsRow = {
  runs_per_minute: number | null;
  execution_seconds_per_minute: number | null;
  concurrent_runs: number | null;
  queued_runs: number | null;
  payload_bytes: number | null;
};

const COLUMNS = 'runs_per_minute, execution_seconds_per_minute, concurrent_runs, queued_runs, payload_bytes';

/** @returns null where there is no such account */
export async function findOwnLimits(sql: Sql, accountId: string): Promise<OwnLimits | null> {
  const [row] = await sql.query<LimitsRow>(`select ${COLUMNS} from accounts where id = $1`, [accountId]);
  return row === undefined ? null : fromRow(row);
}

/** What is set of an account: by itself, or else by its plan. @returns null where there is no such account */
export async function findSetLimits(sql: Sql, accountId: string): Promise<OwnLimits | null> {
  const [row] = await sql.query<LimitsRow>(
    `select coalesce(a.runs_per_minute, (p.limits ->> 'runs_per_minute')::integer) as runs_per_minute,
       coalesce(a.execution_seconds_per_minute, (p.limits ->> 'execution_seconds_per_minute')::integer)
         as execution_seconds_per_minute,
       coalesce(a.concurrent_runs, (p.limits ->> 'concurrent_runs')::integer) as concurrent_runs,
       coalesce(a.queued_runs, (p.limits ->> 'queued_runs')::integer) as queued_runs,
       coalesce(a.payload_bytes, (p.limits ->> 'payload_bytes')::integer) as payload_bytes
     from accounts a left join plans p on p.name = a.plan where a.id = $1`,
    [accountId],
  );
  return row === undefined ? null : fromRow(row);
}

/** The account may use something else now. */
export async function announceLimits(sql: Sql, accountId: string): Promise<void> {
  await sql.query('select pg_notify($1, $2)', [LIMITS_CHANNEL, accountId]);
}

export async function announceLimitsOfAll(sql: Sql): Promise<void> {
  await sql.query('select pg_notify($1, $2)', [LIMITS_CHANNEL, '']);
}

/** Changes those that are given. @returns all of them, or null where there is no such account */
export async function setOwnLimits(
  sql: Sql,
  accountId: string,
  change: Partial<OwnLimits>,
): Promise<OwnLimits | null> {
  const before = await findOwnLimits(sql, accountId);
  if (before === null) return null;
  const after = { ...before, ...change };
  const [row] = await sql.query<LimitsRow>(
    `update accounts set runs_per_minute = $2, execution_seconds_per_minute = $3, concurrent_runs = $4, queued_runs = $5,
       payload_bytes = $6
     where id = $1 returning ${COLUMNS}`,
    [
      accountId,
      after.runsPerMinute,
      after.executionSecondsPerMinute,
      after.concurrentRuns,
      after.queuedRuns,
      after.payloadBytes,
    ],
  );
  await announceLimits(sql, accountId);
  return row === undefined ? null : fromRow(row);
}

function fromRow(row: LimitsRow): OwnLimits {
  return {
    runsPerMinute: row.runs_per_minute,
    executionSecondsPerMinute: row.execution_seconds_per_minute,
    concurrentRuns: row.concurrent_runs,
    queuedRuns: row.queued_runs,
    payloadBytes: row.payload_bytes,
  };
}
