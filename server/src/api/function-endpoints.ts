// Functions of whatever dialect: the list, GET, PATCH and DELETE of one; and its versions: list, activate.

import { z } from 'zod';
import type { World } from '../accounts/account.ts';
import type { Limits } from '../config/limits.ts';
import { fail } from '../errors/failure.ts';
import { REUSES } from '../functions/function.ts';
import { NAME_CHARACTERS, nameProblem } from '../functions/function-name.ts';
import {
  type FunctionCursor,
  getFunction,
  pageFunctions,
  type SealedFunction,
} from '../functions/function-store.ts';
import { isStorableText, readInput } from '../http/read-input.ts';
import type { Sql } from '../postgres/database.ts';
import type { Deployment, FunctionChange, FunctionRemovers } from '../versions/deployment.ts';
import { listVersions } from '../versions/version-store.ts';
import { functionSchema, pageSchema, versionSchema } from './api-schemas.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { type Page, pageOf, readPageQuery } from './page-query.ts';
import { readFilter } from './query-filter.ts';
import { textParameter } from './query-parameters.ts';
import { readRetry, retrySchema, retryView } from './retry-input.ts';

type Parts = {
  sql: Sql;
  deployment: Pick<Deployment, 'change' | 'activate' | 'remove'>;
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
      response: pageSchema(functionSchema),
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
        const change = readChange(body, parts.limits);
        return functionView(await parts.deployment.change(world, params.id ?? '', change));
      },
    },
    {
      method: 'GET',
      path: '/functions/:id/versions',
      summary: 'Every version of a function, newest first',
      permit: READ,
      response: pageSchema(versionSchema),
      answer: async (request) => versionList(parts, request.world, await oneFunction(parts, request)),
    },
    {
      method: 'POST',
      path: '/functions/:id/versions/:number/activate',
      summary: 'Makes a version the active one: the way back, too',
      permit: UPDATE,
      response: functionSchema,
      answer: async ({ world, params }) => {
        const number = /^[0-9]{1,9}$/.test(params.number ?? '') ? Number(params.number) : 0;
        return functionView(await parts.deployment.activate(world, params.id ?? '', number));
      },
    },
  ];
}

async function functionPage(parts: Parts, { world, query }: ApiRequest): Promise<Page<unknown>> {
  const { limit, after } = readPageQuery(query, (text) => cursorIn(text) !== null);
  const functions = await pageFunctions(parts.sql, world, {
    dialect: readFilter(query, 'dialect'),
    text: readFilter(query, 'name'),
    after: after === null ? null : cursorIn(after),
    limit: limit + 1,
  });
  return pageOf(functions, limit, cursorOf, functionView);
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

async function oneFunction(parts: Parts, { world, params }: ApiRequest): Promise<SealedFunction> {
  const fn = await getFunction(parts.sql, world, params.id ?? '');
  return fn ?? fail('not_found', { message: 'there is no such function' });
}

function changeSchema(limits: Limits) {
  const whole = (least: number, most: number) => {
    const rule = least === most ? `can only be ${least}` : `must be a whole number from ${least} to ${most}`;
    return z.int(rule).min(least, rule).max(most, rule);
  };
  return z
    .strictObject({
      name: z
        .string('must be text')
        .max(NAME_CHARACTERS, `must have at most ${NAME_CHARACTERS} characters`)
        .superRefine((name, context) => {
          const problem = nameProblem(name);
          if (problem !== null) context.addIssue({ code: 'custom', message: problem });
        }),
      enabled: z.boolean('must be true or false'),
      timeout_ms: whole(100, limits.maxTimeoutMs),
      memory_mb: whole(64, limits.maxMemoryMb),
      reuse: z.enum(REUSES, 'must be warm or none'),
      concurrency: whole(1, limits.instanceConcurrency),
      retry: retrySchema,
      max_concurrent_runs: whole(1, 1_000_000).nullable(),
      disable_after_faults: whole(0, 1_000_000),
    })
    .partial();
}

function readChange(body: unknown, limits: Limits): FunctionChange {
  const read = readInput(changeSchema(limits), body, 'the request body');
  const change: FunctionChange = {};
  if (read.name !== undefined) change.name = read.name;
  if (read.enabled !== undefined) change.enabled = read.enabled;
  if (read.timeout_ms !== undefined) change.timeoutMs = read.timeout_ms;
  if (read.memory_mb !== undefined) change.memoryMb = read.memory_mb;
  if (read.reuse !== undefined) change.reuse = read.reuse;
  if (read.concurrency !== undefined) change.concurrency = read.concurrency;
  if (read.retry !== undefined) change.retry = readRetry(read.retry);
  if (read.max_concurrent_runs !== undefined) change.maxConcurrentRuns = read.max_concurrent_runs;
  if (read.disable_after_faults !== undefined) change.disableAfterFaults = read.disable_after_faults;
  return change;
}

async function versionList(parts: Parts, world: World, fn: SealedFunction): Promise<unknown> {
  const versions = await listVersions(parts.sql, world, fn.id);
  const data = versions.map((version) => ({
    number: version.number,
    active: version.number === fn.version,
    content_hash: version.bundleHash,
    filename: version.filename,
    bytes: version.sizeBytes,
    handler: version.handler,
    runtime: version.runtime,
    created_at: version.createdAt.toISOString(),
  }));
  return { data, next: null };
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
    handler: fn.handler,
    runtime: fn.runtime,
    created_at: fn.createdAt.toISOString(),
    modified_at: fn.modifiedAt.toISOString(),
  };
}
