// Queries and their executions: make, change, look at; execute on request; see what would come out. What may
// be sent: sources/queries/query-fields.ts.

import { z } from 'zod';
import type { World } from '../accounts/account.ts';
import { boundOf } from '../accounts/account-bounds-store.ts';
import type { Timetables } from '../cron/timetable-cache.ts';
import { fail } from '../errors/failure.ts';
import { requireFunctions } from '../functions/require-functions.ts';
import type { Database } from '../postgres/database.ts';
import type { AnswerQuery } from '../sources/queries/answer-query.ts';
import {
  EXECUTION_CAUSES,
  EXECUTION_STATUSES,
  type Execution,
  findExecution,
  insertExecutions,
  listExecutions,
} from '../sources/queries/execution-store.ts';
import type { Query, QueryDefinition } from '../sources/queries/query.ts';
import { QueryError } from '../sources/queries/query-databases.ts';
import {
  definitionSchema,
  type QueryFields,
  querySchema,
  readDefinition,
  readQuery,
} from '../sources/queries/query-fields.ts';
import { getQuery, lockAndCountQueries, putQuery, QUERIES } from '../sources/queries/query-store.ts';
import { queryView } from '../sources/queries/query-view.ts';
import { timetableOfFrequency } from '../sources/queries/tick-queries.ts';
import { pageSchema } from './api-schemas.ts';
import { type Kept, keptBody, keptEndpoints, missing, nameTaken, oneKept } from './kept-endpoints.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { pageOf, readPageQuery } from './page-query.ts';
import { readFilter } from './query-filter.ts';
import { textParameter } from './query-parameters.ts';
import { isRunId } from './run-id.ts';

type Parts = {
  database: Database;
  timetables: Timetables;
  answer: AnswerQuery;
  /** Unix time in ms. */
  clock(): number;
  newQueryId(): string;
  newExecutionId(): string;
  /** External databases that an account may read. */
  connectionsOf(world: World): { name: string; kind: string }[];
  /** In each of an account's modes. */
  mostQueries: number;
};

const at = z.iso.datetime();
const viewSchema = z.looseObject({
  ...{ id: z.string(), created_at: at, modified_at: at },
  metric_names: z.array(z.string()).describe('how each metric is called in the results'),
  next_at: at.nullable().describe('when it runs next'),
});
z.globalRegistry.add(viewSchema, { id: 'Query' });
const resultsSchema = z.array(z.looseObject({ group_by_value: z.unknown() }));
const spanFields = { range_from: at.nullable(), range_to: at.nullable() };
const previewSchema = z.object({ query_results: resultsSchema, is_truncated: z.boolean(), ...spanFields });
const executionSchema = z.object({
  id: z.uuid(),
  ...{ query_id: z.string(), cause: z.enum(EXECUTION_CAUSES), at },
  status: z.enum(EXECUTION_STATUSES),
  attempts: z.int(),
  error: z.string().nullable().describe('why it failed or is tried again; or why no function was run'),
  query_results: resultsSchema.nullable(),
  is_truncated: z.boolean().describe('there were more groups than are kept'),
  ...spanFields,
  run_id: z.uuid().nullable().describe('the run that was given the results'),
  ...{ created_at: at, ended_at: at.nullable() },
});
z.globalRegistry.add(executionSchema, { id: 'QueryExecution' });
const connectionsSchema = z.object({ data: z.array(z.object({ name: z.string(), kind: z.string() })) });

const READ = { resource: 'queries', method: 'read' } as const;
const UPDATE = { resource: 'queries', method: 'update' } as const;
const CREATE = { resource: 'queries', method: 'create' } as const;

const QUERY: Kept<Query> = {
  ...{ path: '/queries', resource: 'queries', noun: 'query' },
  summaries: { list: 'Saved queries, newest first', remove: 'Removes a query; its executions stay' },
  ...{ table: QUERIES, schema: viewSchema, view: queryView },
};

export function queryEndpoints(parts: Parts): ApiEndpoint[] {
  return [...asking(parts), ...editing(parts), ...executions(parts)];
}

function editing(parts: Parts): ApiEndpoint[] {
  const { database } = parts;
  return [
    {
      method: 'POST',
      path: '/queries',
      summary: 'Saves a query',
      permit: CREATE,
      status: 201,
      body: querySchema,
      response: viewSchema,
      answer: ({ world, body }) =>
        put(parts, world, { id: parts.newQueryId(), fields: readQuery(keptBody(body)) }),
    },
    {
      method: 'PATCH',
      path: '/queries/:id',
      summary: 'Writes all of a query',
      permit: UPDATE,
      body: querySchema,
      response: viewSchema,
      answer: async (request) => {
        const { id } = await oneKept(parts.database, QUERY, request);
        return put(parts, request.world, { id, fields: readQuery(keptBody(request.body)) });
      },
    },
    ...keptEndpoints(database, QUERY),
  ];
}

function asking(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: '/queries/preview',
      summary: 'Answers a query that is not saved; no function is run',
      permit: CREATE,
      body: definitionSchema,
      response: previewSchema,
      answer: ({ world, body }) => preview(parts, world, readDefinition(body)),
    },
    {
      method: 'GET',
      path: '/query-connections',
      summary: 'External databases that the account may read',
      permit: READ,
      response: connectionsSchema,
      answer: async ({ world }) => ({ data: parts.connectionsOf(world) }),
    },
    {
      method: 'POST',
      path: '/queries/:id/run',
      summary: 'Executes a query once, now: answers when that is on disk',
      permit: CREATE,
      status: 202,
      response: executionSchema,
      answer: async (request) => {
        const { id: queryId, accountId, mode } = await oneKept(parts.database, QUERY, request);
        const id = parts.newExecutionId();
        const made = { id, accountId, mode, queryId, cause: 'request', at: null } as const;
        await insertExecutions(parts.database, [made]);
        return executionView(await oneExecution(parts, request.world, id));
      },
    },
  ];
}

function executions(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/query-executions',
      summary: 'Executions of queries, newest first',
      permit: READ,
      query: { query_id: textParameter('of that query') },
      isPaged: true,
      response: pageSchema(executionSchema),
      answer: ({ world, query }) =>
        executionPage(parts, world, { query, queryId: readFilter(query, 'query_id') }),
    },
    {
      method: 'GET',
      path: '/queries/:id/executions',
      summary: 'Executions of one query, newest first',
      permit: READ,
      isPaged: true,
      response: pageSchema(executionSchema),
      answer: ({ world, query, params }) => executionPage(parts, world, { query, queryId: params.id ?? '' }),
    },
    {
      method: 'GET',
      path: '/query-executions/:id',
      summary: 'One of them, with its results',
      permit: READ,
      response: executionSchema,
      answer: async ({ world, params }) => executionView(await oneExecution(parts, world, params.id ?? '')),
    },
  ];
}

async function put(
  { database, timetables, clock, mostQueries }: Parts,
  world: World,
  { id, fields }: { id: string; fields: QueryFields },
): Promise<unknown> {
  const { frequency, functionId } = fields;
  const before = await getQuery(database, world, id);
  const named = functionId === null ? [] : [{ field: 'function_id', id: functionId }];
  await requireFunctions(database, world, named, [before?.functionId ?? null]);
  const nextMs = frequency === null ? null : timetableOfFrequency(timetables, frequency).after(clock());
  const nextAt = nextMs === null ? null : new Date(nextMs);
  const kept = await database.transaction(async (sql) => {
    const total = await lockAndCountQueries(sql, world);
    const most = await boundOf(sql, world.accountId, { name: 'queries', usual: mostQueries });
    if (total >= most && (await getQuery(sql, world, id)) === null) {
      fail('invalid_state', { message: `an account may save at most ${most} queries` });
    }
    return await putQuery(sql, world, id, { ...fields, nextAt });
  });
  return queryView(kept ?? nameTaken('a query'));
}

async function preview(
  { answer, clock }: Parts,
  world: World,
  definition: QueryDefinition,
): Promise<z.input<typeof previewSchema>> {
  try {
    const { rows, isTruncated, span } = await answer({ world, definition, atMs: clock() });
    return {
      ...{ query_results: rows, is_truncated: isTruncated },
      range_from: span === null ? null : new Date(span.fromMs).toISOString(),
      range_to: span === null ? null : new Date(span.toMs).toISOString(),
    };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return fail('invalid_state', { message: error.message, cause: error.cause });
  }
}

async function executionPage(
  { database }: Parts,
  world: World,
  { query, queryId }: { query: ApiRequest['query']; queryId: string | null },
): Promise<unknown> {
  const { limit, after } = readPageQuery(query, isRunId);
  const found = await listExecutions(database, world, { queryId, limit: limit + 1, after });
  return pageOf(found, limit, ({ id }) => id, executionView);
}

async function oneExecution({ database }: Parts, world: World, id: string): Promise<Execution> {
  const found = isRunId(id) ? await findExecution(database, world, id) : null;
  return found ?? missing('execution');
}

function executionView(execution: Execution): z.input<typeof executionSchema> {
  const { id, queryId, cause, status, attempts, error, results, isTruncated, runId } = execution;
  return {
    ...{ id, query_id: queryId, cause, at: execution.at.toISOString(), status, attempts, error },
    ...{ query_results: results, is_truncated: isTruncated },
    range_from: execution.rangeFrom?.toISOString() ?? null,
    range_to: execution.rangeTo?.toISOString() ?? null,
    run_id: runId,
    created_at: execution.createdAt.toISOString(),
    ended_at: execution.endedAt?.toISOString() ?? null,
  };
}
