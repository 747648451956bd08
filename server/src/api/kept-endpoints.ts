// The endpoints that are alike for all that a world keeps under ids of 20 letters: a page of them, one, and
// its removal. How one is made and changed, and what else can be done with it, stands in the endpoint file of
// its noun, which says here what is its own.
import { z } from 'zod';
import type { WorldTable } from '../accounts/world-table-store.ts';
import { fail } from '../errors/failure.ts';
import type { Sql } from '../postgres/database.ts';
import type { Permit } from '../tokens/caller.ts';
import { pageSchema } from './api-schemas.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { pageOf, readPageQuery } from './page-query.ts';

export type Kept<Thing extends { id: string }> = {
  /** Below /millrace/v1, e.g. `/payment-profiles`. */
  path: string;
  /** What tokens permit, e.g. `payment_profiles`. */
  resource: Permit['resource'];
  /** One of them, for people: `payment profile`. */
  noun: string;
  /** Of the list and of the removal, for openapi.json. */
  summaries: { list: string; remove: string };
  table: WorldTable<Thing>;
  schema: z.ZodType;
  view(thing: Thing): unknown;
};

export function isItemId(text: string): boolean {
  return /^[0-9A-Za-z]{20}$/.test(text);
}

export function keptEndpoints<Thing extends { id: string }>(sql: Sql, kept: Kept<Thing>): ApiEndpoint[] {
  const { path, resource, noun, summaries, table, schema, view } = kept;
  const permit = { resource, method: 'read' } as const;
  return [
    {
      ...{ method: 'GET', path, summary: summaries.list, permit, isPaged: true },
      response: pageSchema(schema),
      answer: async ({ world, query }) => {
        const { limit, after } = readPageQuery(query, isItemId);
        const things = await table.list(sql, world, { limit: limit + 1, after });
        return pageOf(things, limit, ({ id }) => id, view);
      },
    },
    {
      ...{ method: 'GET', path: `${path}/:id`, summary: `One ${noun}`, permit },
      response: schema,
      answer: async (request) => view(await oneKept(sql, kept, request)),
    },
    {
      ...{ method: 'DELETE', path: `${path}/:id`, summary: summaries.remove },
      permit: { resource, method: 'delete' },
      status: 204,
      response: z.null(),
      answer: async ({ world, params }) => {
        if (!(await table.remove(sql, world, params.id ?? ''))) missing(noun);
        return null;
      },
    },
  ];
}

/** The one that a request's address names. @throws Failure `not_found` */
export async function oneKept<Thing>(
  sql: Sql,
  { table, noun }: { table: Pick<WorldTable<Thing>, 'get'>; noun: string },
  { world, params }: Pick<ApiRequest, 'world' | 'params'>,
): Promise<Thing> {
  return (await table.get(sql, world, params.id ?? '')) ?? missing(noun);
}

/** @throws Failure `not_found` */
/** Of one such thing, as JSON: it is read for every event, or copied. */
const MOST_KEPT_BYTES = 256 * 1024;

/** @throws Failure `payload_too_large` */
export function keptBody(body: unknown): unknown {
  const sizeBytes = Buffer.byteLength(JSON.stringify(body ?? null));
  if (sizeBytes <= MOST_KEPT_BYTES) return body;
  return fail('payload_too_large', {
    message: `the request body: may have at most ${MOST_KEPT_BYTES} bytes, this has ${sizeBytes}`,
    facts: { limitBytes: MOST_KEPT_BYTES, sizeBytes },
  });
}

export function missing(noun: string): never {
  return fail('not_found', { message: `there is no such ${noun}` });
}

/** @throws Failure `conflict` */
export function nameTaken(noun: string): never {
  return fail('conflict', { message: `name: there is ${noun} of this name already`, field: 'name' });
}
