// SQL of executions of queries. One is held by the node that works on it for a bounded time; what it writes
// counts only while the claim is its own.
//
//   queued ─► succeeded | failed      (queued again where its database may be reached later)
import type { World } from '../../accounts/account.ts';
import { createWorldTable } from '../../accounts/world-table-store.ts';
import type { Sql } from '../../postgres/database.ts';
import { type Claimed, createWorkTable, QUEUED } from '../../queue/work-table-store.ts';
import type { ResultRow } from './query.ts';
import { QUERIES_CHANNEL } from './query-store.ts';

export const EXECUTION_CAUSES = ['frequency', 'request'] as const;
export type ExecutionCause = (typeof EXECUTION_CAUSES)[number];
export const EXECUTION_STATUSES = ['queued', 'succeeded', 'failed'] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

export type Execution = World & {
  id: string;
  queryId: string;
  cause: ExecutionCause;
  at: Date;
  status: ExecutionStatus;
  dueAt: Date;
  claims: number;
  attempts: number;
  error: string | null;
  results: ResultRow[] | null;
  isTruncated: boolean;
  rangeFrom: Date | null;
  rangeTo: Date | null;
  runId: string | null;
  createdAt: Date;
  endedAt: Date | null;
};

type Row = {
  id: string;
  account_id: string;
  mode: World['mode'];
  query_id: string;
  cause: Execution['cause'];
  at: Date;
  status: Execution['status'];
  due_at: Date;
  claims: number;
  attempts: number;
  error: string | null;
  results: ResultRow[] | null;
  is_truncated: boolean;
  range_from: Date | null;
  range_to: Date | null;
  run_id: string | null;
  created_at: Date;
  ended_at: Date | null;
};

const COLUMNS = `id, account_id, mode, query_id, cause, at, status, due_at, claims, attempts, error, results, is_truncated,
  range_from, range_to, run_id, created_at, ended_at`;
const TABLE = { name: 'query_executions', columns: COLUMNS, fromRow };

export const EXECUTIONS = createWorkTable({ ...TABLE, waits: QUEUED });
export const { get: findExecution } = createWorldTable(TABLE);

/** `at`: null for now, on the database's clock. */
export type NewExecution = World & Pick<Execution, 'id' | 'queryId' | 'cause'> & { at: Date | null };

/** Due at once. */
export async function insertExecutions(sql: Sql, made: readonly NewExecution[]): Promise<void> {
  if (made.length === 0) return;
  const rows = made.map(({ id, accountId, mode, queryId, cause, at }) => ({
    ...{ id, account_id: accountId, mode, query_id: queryId, cause, at },
  }));
  await sql.query(
    `insert into query_executions (id, account_id, mode, query_id, cause, at)
     select id, account_id, mode, query_id, cause, coalesce(at, now())
     from jsonb_populate_recordset(null::query_executions, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
  await sql.query('select pg_notify($1, $2)', [QUERIES_CHANNEL, '']);
}

export type ExecutionEnd = {
  status: 'succeeded' | 'failed';
  error: string | null;
  results: ResultRow[] | null;
  isTruncated: boolean;
  rangeFrom: Date | null;
  rangeTo: Date | null;
  runId: string | null;
};

/** @returns whether the claim was the caller's: else nothing is written */
export async function endExecution(sql: Sql, claimed: Claimed, end: ExecutionEnd): Promise<boolean> {
  const rows = await sql.query(
    `update query_executions set status = $4, attempts = attempts + 1, error = $5, results = $6, is_truncated = $7,
       range_from = $8, range_to = $9, run_id = $10, lease_until = null, ended_at = now()
     where id = $1 and account_id = $2 and claims = $3 and status = 'queued' returning id`,
    [
      ...[claimed.id, claimed.accountId, claimed.claims, end.status, end.error],
      ...[end.results === null ? null : JSON.stringify(end.results), end.isTruncated],
      ...[end.rangeFrom, end.rangeTo, end.runId],
    ],
  );
  return rows.length > 0;
}

/** To be tried again after a time. */
export async function putOffExecution(
  sql: Sql,
  claimed: Claimed,
  { error, afterMs }: { error: string; afterMs: number },
): Promise<void> {
  await sql.query(
    `update query_executions set attempts = attempts + 1, error = $4, lease_until = null,
       due_at = now() + make_interval(secs => $5::float8 / 1000)
     where id = $1 and account_id = $2 and claims = $3 and status = 'queued'`,
    [claimed.id, claimed.accountId, claimed.claims, error, afterMs],
  );
}

export type ExecutionPage = { queryId: string | null; limit: number; after: string | null };

/** Newest first. */
export async function listExecutions(sql: Sql, world: World, page: ExecutionPage): Promise<Execution[]> {
  const rows = await sql.query<Row>(
    `select ${COLUMNS} from query_executions
     where account_id = $1 and mode = $2 and ($3::text is null or query_id = $3) and ($4::uuid is null or id < $4::uuid)
     order by id desc limit $5`,
    [world.accountId, world.mode, page.queryId, page.after, page.limit],
  );
  return rows.map(fromRow);
}

function fromRow(row: Row): Execution {
  return {
    id: row.id,
    accountId: row.account_id,
    mode: row.mode,
    queryId: row.query_id,
    cause: row.cause,
    at: row.at,
    status: row.status,
    dueAt: row.due_at,
    claims: row.claims,
    attempts: row.attempts,
    error: row.error,
    results: row.results,
    isTruncated: row.is_truncated,
    rangeFrom: row.range_from,
    rangeTo: row.range_to,
    runId: row.run_id,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}
