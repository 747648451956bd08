// What is done with one execution that is claimed: its query is answered, and in one transaction the results
// are written and the function's run is queued. Called by the claim engine that roles/start-queries.ts
// starts.
import type { Logger } from 'pino';
import { Failure } from '../../errors/failure.ts';
import { storableJson } from '../../logs/storable-text.ts';
import type { Database, Sql } from '../../postgres/database.ts';
import type { NewRun } from '../../queue/new-run.ts';
import type { RunQueue } from '../../queue/run-queue.ts';
import type { Answer, AnswerQuery } from './answer-query.ts';
import { type Execution, type ExecutionEnd, endExecution, putOffExecution } from './execution-store.ts';
import type { Query, ResultRow } from './query.ts';
import { QueryError } from './query-databases.ts';
import { getQuery, isFunctionEnabled } from './query-store.ts';

type Parts = {
  database: Database;
  queue: RunQueue;
  answer: AnswerQuery;
  newRunId(nowMs: number): string;
  /** Unix time in ms. */
  clock(): number;
  log: Logger;
};

/** After each failed attempt. */
const AGAIN_AFTER_MS = [5_000, 30_000, 120_000, 600_000];

const NOTHING = { results: null, isTruncated: false, rangeFrom: null, rangeTo: null, runId: null };

/**
 * @returns what works on an execution; never rejects. What the platform spoils stays claimed, and is taken up
 * again when that is over.
 */
export function createExecutionWorker(parts: Parts): (execution: Execution) => Promise<void> {
  return async (execution) => {
    try {
      await work(parts, execution);
    } catch (error) {
      parts.log.error({ err: error, execution: execution.id }, 'a query could not be executed');
    }
  };
}

async function work(parts: Parts, execution: Execution): Promise<void> {
  const { database } = parts;
  const query = await getQuery(database, execution, execution.queryId);
  if (query === null) return await giveUp(database, execution, 'its query was removed');
  try {
    const { definition } = query;
    const answer = await parts.answer({ world: execution, definition, atMs: execution.at.getTime() });
    const isQueued = await database.transaction((sql) => finish(parts, sql, { execution, query, answer }));
    if (isQueued) parts.queue.wake();
  } catch (error) {
    const expected = expectedOf(error);
    if (expected === null) throw error;
    const afterMs = expected.mayPass ? AGAIN_AFTER_MS[execution.attempts] : undefined;
    if (afterMs === undefined) await giveUp(database, execution, expected.message);
    else await putOffExecution(database, execution, { error: expected.message, afterMs });
  }
}

type Finishing = { execution: Execution; query: Query; answer: Answer };

/** @returns whether a run was queued */
async function finish(parts: Parts, sql: Sql, { execution, query, answer }: Finishing): Promise<boolean> {
  const results = answer.rows.map((row) => storableJson(JSON.stringify(row)) as ResultRow);
  const run = query.functionId === null ? null : functionRun(parts, { execution, query, results });
  const problem = run === null ? null : await whyNoRun(parts, sql, run);
  const end: ExecutionEnd = {
    ...{ status: 'succeeded', error: problem, results, isTruncated: answer.isTruncated },
    rangeFrom: answer.span === null ? null : new Date(answer.span.fromMs),
    rangeTo: answer.span === null ? null : new Date(answer.span.toMs),
    runId: problem === null ? (run?.id ?? null) : null,
  };
  if (!(await endExecution(sql, execution, end))) throw new LostClaim();
  return end.runId !== null;
}

/** Thrown so that the transaction takes the run back: another node has done it, or will. */
class LostClaim extends QueryError {
  constructor() {
    super('the claim was lost', true);
  }
}

/** Queues a run. @returns why it could not be, in words; null: it is */
async function whyNoRun({ queue }: Parts, sql: Sql, run: NewRun): Promise<string | null> {
  const isEnabled = await isFunctionEnabled(sql, run, run.functionId);
  if (isEnabled === false) return `the function ${run.functionId} is disabled`;
  const taken = isEnabled === null ? [] : await queue.enqueue(sql, [run]);
  return taken.length > 0 ? null : `the function ${run.functionId} isn't there any more`;
}

function functionRun(
  { newRunId, clock }: Parts,
  { execution, query, results }: { execution: Execution; query: Query; results: ResultRow[] },
): NewRun {
  const { accountId, mode } = execution;
  return {
    ...{ accountId, mode, id: newRunId(clock()), functionId: query.functionId ?? '' },
    input: {
      trigger: 'auto_query',
      source: { id: query.id, name: query.name },
      data: { query_results: results },
    },
    cause: { query_id: query.id, query: query.name, execution_id: execution.id },
    ...{ triggerId: null, eventId: null, due: { afterMs: 0 }, version: null, replayOf: null },
  };
}

/** What the owner sees, where the error is an expected one. */
function expectedOf(error: unknown): { message: string; mayPass: boolean } | null {
  if (error instanceof QueryError) return error;
  return error instanceof Failure ? { message: error.message, mayPass: error.kind.retry } : null;
}

async function giveUp(database: Database, execution: Execution, error: string): Promise<void> {
  await endExecution(database, execution, { ...NOTHING, status: 'failed', error });
}
