// The dead-letter list: runs whose retries are spent, /dead-letters. Run again, all that a filter means, or
// discarded.

import { z } from 'zod';
import { readInput } from '../http/read-input.ts';
import { DEAD_LETTER_STATES, discardDeadLetters, listDeadLetters } from '../queue/dead-letter-store.ts';
import { findReplays } from '../queue/replay-store.ts';
import { pageSchema, runSchema } from './api-schemas.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { type Page, pageOf, readPageQuery } from './page-query.ts';
import { readChoice, readFilter } from './query-filter.ts';
import {
  batchSchema,
  type ReplayEndpointParts,
  replayMany,
  requireFunctionFor,
  versionSchema,
} from './replay-endpoints.ts';
import { isRunId } from './run-id.ts';
import { batchLimitSchema, deadLetterFilterSchema, selectionOf } from './run-selection-input.ts';
import { runView } from './run-view.ts';

const MOST_REPLAYS = 10;

const redriveSchema = z.strictObject({
  filter: deadLetterFilterSchema,
  version: versionSchema,
  limit: batchLimitSchema,
  after: z.string().nullish().describe('the `next` of an earlier answer'),
});
const discardSchema = z.strictObject({ filter: deadLetterFilterSchema, limit: batchLimitSchema });

/** Of the list: what a body's filter may say, but for the ids. */
const { run_ids: _, ...filterParameters } = deadLetterFilterSchema.shape;

type Parts = Omit<ReplayEndpointParts, 'publicUrl'>;

export function deadLetterEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/dead-letters',
      summary: 'Runs whose retries are spent, newest first',
      permit: { resource: 'function_runs', method: 'read' },
      query: { ...filterParameters, state: z.enum(DEAD_LETTER_STATES).default('open') },
      isPaged: true,
      response: pageSchema(runSchema),
      answer: (request) => deadLetterPage(parts, request),
    },
    {
      method: 'POST',
      path: '/dead-letters/redrive',
      summary: 'Runs again what is on the dead-letter list, oldest first, and takes it off',
      permit: { resource: 'function_runs', method: 'create' },
      body: redriveSchema,
      status: 202,
      response: batchSchema,
      answer: async ({ world, body }) => {
        const { filter, version, limit, after } = readInput(redriveSchema, body, 'the request body');
        requireFunctionFor(version, filter.function_id);
        return await replayMany(parts, world, {
          ...{ kind: 'dead_letters', selection: selectionOf(filter), version, limit },
          after: after ?? null,
        });
      },
    },
    {
      method: 'POST',
      path: '/dead-letters/discard',
      summary: 'Takes runs off the dead-letter list, oldest first; their records stay',
      permit: { resource: 'function_runs', method: 'update' },
      body: discardSchema,
      response: z.object({ discarded: z.int(), more: z.boolean().describe('there may be more of them') }),
      answer: async ({ world, body }) => {
        const { filter, limit } = readInput(discardSchema, body, 'the request body');
        const discarded = await discardDeadLetters(parts.sql, world, selectionOf(filter), limit);
        return { discarded, more: discarded === limit };
      },
    },
  ];
}

async function deadLetterPage({ sql }: Parts, { world, query }: ApiRequest): Promise<Page<unknown>> {
  const { limit, after } = readPageQuery(query, isRunId);
  const selection = selectionOf(readQueryFilter(query));
  const wanted = {
    selection,
    state: readChoice(query, 'state', DEAD_LETTER_STATES) ?? 'open',
    after,
    limit: limit + 1,
  };
  const runs = await listDeadLetters(sql, world, wanted);
  const replays = await findReplays(
    sql,
    world,
    runs.map(({ id }) => id),
    MOST_REPLAYS,
  );
  return pageOf(
    runs,
    limit,
    (run) => run.id,
    (run) => ({ ...runView(run), replays: replays.get(run.id) ?? [] }),
  );
}

/** Read by the rules of a body's filter. */
function readQueryFilter(query: ApiRequest['query']): z.infer<typeof deadLetterFilterSchema> {
  const given = Object.keys(filterParameters).flatMap((name) => {
    const value = readFilter(query, name);
    return value === null ? [] : [[name, value]];
  });
  return readInput(deadLetterFilterSchema, Object.fromEntries(given), 'the query');
}
