// Runs and their logs: /runs, /runs/{id}, /runs/{id}/logs, /functions/{id}/runs. Reading only.
import type { World } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import { findEventIdsOfItem } from '../events/event-store.ts';
import { getFunction } from '../functions/function-store.ts';
import { runLog } from '../logs/run-log.ts';
import type { Sql } from '../postgres/database.ts';
import { findReplays } from '../queue/replay-store.ts';
import { findCorrelated } from '../runs/correlation-store.ts';
import type { StoredRun } from '../runs/run.ts';
import { EVERY_RUN, listRuns } from '../runs/run-list-store.ts';
import { findLogLines } from '../runs/run-log-store.ts';
import type { RunRecorder } from '../runs/run-recorder.ts';
import { findRun } from '../runs/run-store.ts';
import { requestKey, traceKey } from '../runs/trace-context.ts';
import { logLineSchema, pageSchema, runSchema } from './api-schemas.ts';
import { LOG_PARAMETERS, logText, wantsText } from './log-text.ts';
import type { ApiEndpoint, ApiReply, ApiRequest } from './millrace-api.ts';
import { type Page, pageOf, readPageQuery } from './page-query.ts';
import { textParameter } from './query-parameters.ts';
import { isRunId } from './run-id.ts';
import { RUN_PARAMETERS, type RunListQuery, readRunFilter } from './run-query.ts';
import { runView } from './run-view.ts';

type Parts = {
  sql: Sql;
  /** Flushed before every read, so that a caller finds the run that it was just answered by. */
  recorder: Pick<RunRecorder, 'flush'>;
};

const isLineNumber = (text: string): boolean => /^[0-9]{1,9}$/.test(text);

export function runEndpoints(parts: Parts): ApiEndpoint[] {
  const permit = { resource: 'function_runs', method: 'read' } as const;
  return [
    {
      method: 'GET',
      path: '/runs',
      summary: 'Runs of every function, newest first',
      permit,
      query: { function_id: textParameter('of that function'), ...RUN_PARAMETERS },
      isPaged: true,
      response: pageSchema(runSchema),
      answer: (request) => runPage(parts, request, null),
    },
    {
      method: 'GET',
      path: '/runs/:id',
      summary: 'One run',
      permit,
      response: runSchema,
      answer: (request) => runWithReplays(parts, request),
    },
    {
      method: 'GET',
      path: '/runs/:id/logs',
      summary: 'What a run printed, between START, END and REPORT',
      permit,
      query: LOG_PARAMETERS,
      isPaged: true,
      asText: true,
      response: pageSchema(logLineSchema),
      answer: (request) => logOf(parts, request),
    },
    {
      method: 'GET',
      path: '/functions/:id/runs',
      summary: 'Runs of one function, newest first',
      permit,
      query: RUN_PARAMETERS,
      isPaged: true,
      response: pageSchema(runSchema),
      answer: (request) => runPage(parts, request, request.params.id ?? null),
    },
  ];
}

async function runPage(parts: Parts, request: ApiRequest, ofFunction: string | null): Promise<Page<unknown>> {
  const { limit, after } = readPageQuery(request.query, isRunId);
  const { functionId, eventId, itemId, traceId, requestId, ...wanted } = readRunFilter(request.query);
  const one = ofFunction ?? functionId;
  const eventIds = await eventsOf(parts, request.world, { eventId, itemId });
  await parts.recorder.flush();
  const runIds = await correlatedOf(parts, request.world, { traceId, requestId });
  const filter = { ...wanted, after, functionIds: one === null ? null : [one], eventIds, runIds };
  const runs = await listRuns(parts.sql, request.world, filter, limit + 1);
  if (runs.length === 0 && ofFunction !== null) await requireTraceOf(parts.sql, request.world, ofFunction);
  return pageOf(runs, limit, (run) => run.id, runView);
}

/** Events of an item whose runs are shown: the newest. */
const MOST_EVENTS = 1_000;

/** @returns the events whose runs are meant; null: runs of every cause are */
async function eventsOf(
  { sql }: Parts,
  world: World,
  { eventId, itemId }: Pick<RunListQuery, 'eventId' | 'itemId'>,
): Promise<string[] | null> {
  if (itemId === null) return eventId === null ? null : [eventId];
  const ids = await findEventIdsOfItem(sql, world, itemId, MOST_EVENTS);
  return eventId === null ? ids : ids.filter((id) => id === eventId);
}

/** Runs of a trace or a request that are shown: the newest. */
const MOST_CORRELATED = 1_000;

/** @returns the runs that are part of both, where both are given; null: whichever are meant */
async function correlatedOf(
  { sql }: Parts,
  world: World,
  { traceId, requestId }: Pick<RunListQuery, 'traceId' | 'requestId'>,
): Promise<string[] | null> {
  const known = (value: string): Promise<string[]> => findCorrelated(sql, world, value, MOST_CORRELATED);
  // A run whose cause is part of no trace has one of its own.
  const inTrace = traceId === null ? null : [...(await known(traceKey(traceId))), uuidOf(traceId)];
  const ofRequest = requestId === null ? null : await known(requestKey(requestId));
  if (inTrace === null || ofRequest === null) return inTrace ?? ofRequest;
  return inTrace.filter((id) => ofRequest.includes(id));
}

function uuidOf(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Runs outlive their function: either of them makes its address one that exists. */
async function requireTraceOf(sql: Sql, world: World, functionId: string): Promise<void> {
  if ((await getFunction(sql, world, functionId)) !== null) return;
  const [any] = await listRuns(sql, world, { ...EVERY_RUN, functionIds: [functionId] }, 1);
  if (any === undefined) fail('not_found', { message: 'there is no such function, and no run of one' });
}

/** Runs that repeat one, newest first: so many are shown. */
const MOST_REPLAYS = 100;

async function runWithReplays(parts: Parts, request: ApiRequest): Promise<unknown> {
  const run = await oneRun(parts, request);
  const replays = await findReplays(parts.sql, request.world, [run.id], MOST_REPLAYS);
  return { ...runView(run), replays: replays.get(run.id) ?? [] };
}

async function oneRun(parts: Parts, request: ApiRequest): Promise<StoredRun> {
  const { id = '' } = request.params;
  await parts.recorder.flush();
  const run = isRunId(id) ? await findRun(parts.sql, request.world, id) : null;
  return run ?? fail('not_found', { message: 'there is no such run' });
}

async function logOf(parts: Parts, request: ApiRequest): Promise<Page<unknown> | ApiReply> {
  const isText = wantsText(request.query);
  const { limit, after } = readPageQuery(request.query, isLineNumber);
  const run = await oneRun(parts, request);
  const stored = await findLogLines(parts.sql, request.world, run.id);
  const lines = runLog(run, stored.lines, stored.truncated);
  if (isText) return logText(lines);
  const from = after === null ? 0 : Number(after);
  const numbered = lines.map((line, at) => ({ line, number: at + 1 }));
  const rest = numbered.slice(from, from + limit + 1);
  return pageOf(
    rest,
    limit,
    ({ number }) => String(number),
    ({ line }) => ({ at: new Date(line.at).toISOString(), stream: line.stream, text: line.text }),
  );
}
