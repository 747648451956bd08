// Faults that are alike: /errors, /errors/{id}, /errors/{id}/runs. Reading only; they are replayed by
// POST /runs/replay.
import { z } from 'zod';
import {
  countByHour,
  type ErrorGroup,
  hasMoreHours,
  listGroupRuns,
  listGroups,
} from '../error-groups/read-group-store.ts';
import { stackFrames } from '../error-groups/stack-frames.ts';
import { fail } from '../errors/failure.ts';
import type { Sql } from '../postgres/database.ts';
import { findRuns } from '../run-streams/change-store.ts';
import type { RunRecorder } from '../runs/run-recorder.ts';
import { pageSchema, runSchema } from './api-schemas.ts';
import { readSpan, SPAN_PARAMETERS } from './metric-span.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { pageOf, readPageQuery } from './page-query.ts';
import { readFilter } from './query-filter.ts';
import { textParameter } from './query-parameters.ts';
import { isRunId } from './run-id.ts';
import { runView } from './run-view.ts';

type Parts = {
  sql: Sql;
  recorder: Pick<RunRecorder, 'flush'>;
  /** Unix time in ms. */
  clock(): number;
};

const MOST_GROUPS = 500;
const MOST_HOURS = 24 * 31;
/** Rows that one answer may be made of: one a group and hour. */
const MOST_ROWS = 250_000;
const { from, to } = SPAN_PARAMETERS;
const SPAN = { from, to } as object;

const groupSchema = z.object({
  id: z.string(),
  function_id: z.string(),
  type: z.string(),
  message: z.string().describe('without what changes from run to run'),
  frame: z.string().nullable().describe("the innermost place in the function's own code"),
  count: z.int().describe('of the span'),
  first_seen_at: z.iso.datetime(),
  first_run_id: z.uuid(),
  last_seen_at: z.iso.datetime(),
  last_run_id: z.uuid(),
  versions: z.array(z.int()).describe('in which it was seen, newest first, at most 20'),
});
export const frameSchema = z.object({
  file: z.string().nullable(),
  line: z.int().nullable(),
  column: z.int().nullable(),
  name: z.string().nullable(),
  own: z.boolean().describe("whether it is the function's own code"),
});
const oneSchema = groupSchema.extend({
  by_hour: z.array(z.object({ at: z.iso.datetime(), count: z.int() })),
  example: z
    .object({ run_id: z.uuid(), message: z.string(), stack: z.string(), frames: z.array(frameSchema) })
    .nullable()
    .describe('the last one, where its run is still kept'),
});

export function errorGroupEndpoints(parts: Parts): ApiEndpoint[] {
  const permit = { resource: 'function_runs', method: 'read' } as const;
  return [
    {
      method: 'GET',
      path: '/errors',
      summary: 'Faults of functions in groups that are alike, the most frequent of a span first',
      permit,
      query: { function_id: textParameter('of that function'), ...SPAN },
      readsMuch: true,
      response: z.object({ data: z.array(groupSchema), next: z.null() }),
      answer: (request) => groups(parts, request),
    },
    {
      method: 'GET',
      path: '/errors/:id',
      summary: 'One group of faults: how many in each hour, and the last one',
      permit,
      query: SPAN as ApiEndpoint['query'] & object,
      response: oneSchema,
      answer: (request) => oneGroup(parts, request),
    },
    {
      method: 'GET',
      path: '/errors/:id/runs',
      summary: 'The runs of a group of faults, newest first',
      permit,
      isPaged: true,
      response: pageSchema(runSchema),
      answer: (request) => runsOfGroup(parts, request),
    },
  ];
}

/** Whole hours; without any, the last day. */
function spanOf(query: Record<string, unknown>, nowMs: number): { from: Date; to: Date } {
  const day = new Date(nowMs - 86_400_000).toISOString();
  const span = readSpan(
    { from: readFilter(query, 'to') === null ? day : undefined, ...query, step: '1h' },
    nowMs,
  );
  if ((span.to.getTime() - span.from.getTime()) / 3_600_000 <= MOST_HOURS) return span;
  return fail('invalid_input', { message: 'from: the span may have at most 31 days', field: 'from' });
}

async function groups(parts: Parts, { world, query }: ApiRequest): Promise<unknown> {
  const span = spanOf(query, parts.clock());
  await parts.recorder.flush();
  const functionId = readFilter(query, 'function_id');
  if (await hasMoreHours(parts.sql, world, { ...span, functionId }, MOST_ROWS)) {
    const message = `from: this would read more than ${MOST_ROWS} hours of groups`;
    fail('invalid_input', { message: `${message}: take a shorter span or one function`, field: 'from' });
  }
  const found = await listGroups(parts.sql, world, { ...span, functionId, id: null, limit: MOST_GROUPS });
  return { data: found.map(groupView), next: null };
}

async function oneGroup(
  parts: Parts,
  { world, query, params }: ApiRequest,
): Promise<z.input<typeof oneSchema>> {
  const span = spanOf(query, parts.clock());
  const { id = '' } = params;
  await parts.recorder.flush();
  const [group] = await listGroups(parts.sql, world, { ...span, functionId: null, id, limit: 1 });
  if (group === undefined) fail('not_found', { message: 'there is no such group of errors in this span' });
  const byHour = await countByHour(parts.sql, world, { ...span, id });
  const [run] = await findRuns(parts.sql, world, [group.lastRunId]);
  const error = run?.error ?? null;
  return {
    ...groupView(group),
    by_hour: byHour.map(({ at, count }) => ({ at: at.toISOString(), count })),
    example:
      error === null
        ? null
        : {
            ...{ run_id: group.lastRunId, message: error.message, stack: error.stack },
            frames: stackFrames(error.stack).map(({ isOwn, ...frame }) => ({ ...frame, own: isOwn })),
          },
  };
}

async function runsOfGroup(parts: Parts, { world, query, params }: ApiRequest): Promise<unknown> {
  const { limit, after } = readPageQuery(query, isRunId);
  await parts.recorder.flush();
  const ids = await listGroupRuns(parts.sql, world, params.id ?? '', { after, limit: limit + 1 });
  const page = pageOf(
    ids,
    limit,
    (id) => id,
    (id) => id,
  );
  const runs = await findRuns(parts.sql, world, page.data);
  return { data: runs.reverse().map(runView), next: page.next };
}

function groupView(group: ErrorGroup): z.input<typeof groupSchema> {
  return {
    ...{ id: group.id, function_id: group.functionId, type: group.type, message: group.message },
    ...{ frame: group.frame, count: group.count },
    first_seen_at: group.firstSeenAt.toISOString(),
    first_run_id: group.firstRunId,
    last_seen_at: group.lastSeenAt.toISOString(),
    last_run_id: group.lastRunId,
    versions: group.versions,
  };
}
