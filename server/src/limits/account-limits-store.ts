// SQL of the limits that accounts have of their own. A change is announced inside the transaction that makes
// it.
import type { Sql } from '../postgres/database.ts';
import type { OwnLimits } from './account-limits.ts';

/** PostgreSQL channel; the payload is the account's id. */
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
  await sql.query('select pg_notify($1, $2)', [LIMITS_CHANNEL, accountId]);
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
