// Functions of whatever dialect: the list, GET, PATCH and DELETE of one. How they are made:
// own-function-endpoints.ts.
import { z } from 'zod';
import type { Limits } from '../config/limits.ts';
import { fail } from '../errors/failure.ts';
import type { Canary } from '../functions/canary.ts';
import {
  type FunctionCursor,
  getFunction,
  pageFunctions,
  type SealedFunction,
} from '../functions/function-store.ts';
import { isStorableText, readInput } from '../http/read-input.ts';
import type { Sql } from '../postgres/database.ts';
import { countTriggersOf } from '../triggers/function-uses-store.ts';
import type { Deployment, FunctionRemovers } from '../versions/deployment.ts';
import { functionSchema, listedFunctionSchema, pageSchema } from './api-schemas.ts';
import { conventionName } from './convention-name.ts';
import { settingFields, settingsOf } from './function-fields.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { type Page, pageOf, readPageQuery } from './page-query.ts';
import { readFilter } from './query-filter.ts';
import { textParameter } from './query-parameters.ts';
import { retryView } from './retry-input.ts';

type Parts = {
  sql: Sql;
  deployment: Pick<Deployment, 'change' | 'remove'>;
  removers: FunctionRemovers;
  limits: Limits;
};

const READ = { resource: 'hosted_functions', method: 'read' } as const;
const UPDATE = { resource: 'hosted_functions', method: 'update' } as const;

export function functionEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/functions',
      summary: 'Functions of every dialect, by name',
      permit: READ,
      query: { dialect: textParameter('whose they are'), name: textParameter('text that the name contains') },
      isPaged: true,
      response: pageSchema(listedFunctionSchema),
      answer: (request) => functionPage(parts, request),
    },
    {
      method: 'DELETE',
      path: '/functions/:id',
      summary: 'Deletes a function of any dialect, with its triggers, addresses and code; its runs stay',
      permit: { resource: 'hosted_functions', method: 'delete' },
      status: 204,
      response: z.undefined(),
      answer: async (request) => {
        const fn = await oneFunction(parts, request);
        const remove = parts.removers[fn.dialect] ?? (() => parts.deployment.remove(request.world, fn.id));
        await remove(fn);
      },
    },
    {
      method: 'GET',
      path: '/functions/:id',
      summary: 'Settings of a function of any dialect',
      permit: READ,
      response: functionSchema,
      answer: async (request) => functionView(await oneFunction(parts, request)),
    },
    {
      method: 'PATCH',
      path: '/functions/:id',
      summary: 'Changes settings of a function of any dialect',
      permit: UPDATE,
      body: changeSchema(parts.limits),
      response: functionSchema,
      answer: async ({ world, params, body }) => {
        const read = readInput(changeSchema(parts.limits), body, 'the request body');
        return functionView(await parts.deployment.change(world, params.id ?? '', settingsOf(read)));
      },
    },
  ];
}

async function functionPage(parts: Parts, { world, query, caller }: ApiRequest): Promise<Page<unknown>> {
  const { limit, after } = readPageQuery(query, (text) => cursorIn(text) !== null);
  const functions = await pageFunctions(parts.sql, world, {
    dialect: readFilter(query, 'dialect'),
    text: readFilter(query, 'name'),
    after: after === null ? null : cursorIn(after),
    limit: limit + 1,
  });
  const ids = functions.map(({ id }) => id);
  const counts = caller.permissions.triggers.read ? await countTriggersOf(parts.sql, world, ids) : null;
  return pageOf(functions, limit, cursorOf, (fn) => ({
    ...functionView(fn),
    triggers: counts === null ? null : (counts.get(fn.id) ?? {}),
  }));
}

/** Names hold no control characters. */
function cursorOf({ name, id }: FunctionCursor): string {
  return Buffer.from(`${id}\n${name}`).toString('base64url');
}

function cursorIn(text: string): FunctionCursor | null {
  const [, id, name] = /^([0-9A-Za-z]{1,64})\n(.*)$/s.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (id === undefined || name === undefined || !isStorableText(name)) return null;
  return cursorOf({ name, id }) === text ? { name, id } : null;
}

/** That the address names. @throws Failure `not_found` */
export async function oneFunction(
  { sql }: { sql: Sql },
  { world, params }: Pick<ApiRequest, 'world' | 'params'>,
): Promise<SealedFunction> {
  const fn = await getFunction(sql, world, params.id ?? '');
  return fn ?? fail('not_found', { message: 'there is no such function' });
}

function changeSchema(limits: Limits) {
  return z.strictObject(settingFields(limits)).partial();
}

export function canaryView({ version, percent, header }: Canary) {
  return { version, percent, sticky_header: header };
}

/** What the API shows of a function. */
export function functionView(fn: SealedFunction): z.input<typeof functionSchema> {
  return {
    id: fn.id,
    dialect: fn.dialect,
    name: fn.name,
    description: fn.description,
    enabled: fn.enabled,
    timeout_ms: fn.timeoutMs,
    memory_mb: fn.memoryMb,
    reuse: fn.reuse,
    concurrency: fn.concurrency,
    retry: retryView(fn.retry),
    max_concurrent_runs: fn.maxConcurrentRuns,
    disable_after_faults: fn.disableAfterFaults,
    faults_in_a_row: fn.faultsInARow,
    disabled_reason: fn.disabledReason,
    paused_at: fn.pausedAt?.toISOString() ?? null,
    version: fn.version,
    previous_version: fn.previousVersion,
    canary: fn.canary === null ? null : canaryView(fn.canary),
    handler: fn.handler,
    runtime: fn.runtime,
    convention: conventionName(fn.convention),
    dependencies: fn.dependencies,
    created_at: fn.createdAt.toISOString(),
    modified_at: fn.modifiedAt.toISOString(),
  };
}
