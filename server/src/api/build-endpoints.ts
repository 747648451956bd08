// Packages of functions: ask for them, follow the build, read its log. POST and GET /functions/{id}/builds,
// /builds, /builds/{id}, /builds/{id}/logs; GET /packages.
import { z } from 'zod';
import type { Build } from '../builds/build.ts';
import { buildLog, findBuild, listBuilds } from '../builds/build-store.ts';
import type { Builder } from '../builds/builder.ts';
import { checkDependencies, type PackageRules } from '../builds/dependencies.ts';
import { findNodeRuntime } from '../engines/runtime-codes.ts';
import { fail } from '../errors/failure.ts';
import type { SealedFunction } from '../functions/function-store.ts';
import { readInput } from '../http/read-input.ts';
import type { Sql } from '../postgres/database.ts';
import { buildSchema, logLineSchema, pageSchema } from './api-schemas.ts';
import { oneFunction } from './function-endpoints.ts';
import { LOG_PARAMETERS, logText, wantsText } from './log-text.ts';
import type { ApiEndpoint, ApiReply, ApiRequest } from './millrace-api.ts';
import { type Page, pageOf, readPageQuery } from './page-query.ts';

/** The purpose of builds that are asked for here. */
export const API_BUILDS = 'api';

type Parts = { sql: Sql; builder: Pick<Builder, 'requestBuild'>; rules: PackageRules };

const READ = { resource: 'hosted_functions', method: 'read' } as const;
const UPDATE = { resource: 'hosted_functions', method: 'update' } as const;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isBuildId = (text: string): boolean => UUID.test(text);
/** As many as are kept at most. */
const MOST_LINES = 20_000;
const isLineNumber = (text: string): boolean => /^[0-9]{1,9}$/.test(text);

const buildRequestSchema = z.strictObject({
  dependencies: z
    .record(z.string(), z.unknown(), 'must be an object: {"name": "version"}')
    .describe('name and version, range or `latest` of each package'),
});

const allowedSchema = z.object({
  allowed: z.array(z.string()).nullable().describe('names, in order; null: every package is'),
});

export function buildEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/packages',
      summary: 'Which packages functions may have',
      permit: READ,
      response: allowedSchema,
      answer: async () => ({
        allowed: parts.rules.allowed === '*' ? null : [...parts.rules.allowed].sort(),
      }),
    },
    {
      method: 'POST',
      path: '/functions/:id/builds',
      summary: 'Gives a function packages beside its code: the next version has them, once they are built',
      permit: UPDATE,
      body: buildRequestSchema,
      response: buildSchema,
      answer: (request) => requestBuild(parts, request),
    },
    {
      method: 'GET',
      path: '/functions/:id/builds',
      summary: 'Builds of one function, newest first',
      permit: READ,
      isPaged: true,
      reportsWork: true,
      response: pageSchema(buildSchema),
      answer: async (request) => {
        const { id } = await oneFunction(parts, request);
        return buildPage(parts, request, id);
      },
    },
    {
      method: 'GET',
      path: '/builds',
      summary: 'Builds of every function, newest first',
      permit: READ,
      isPaged: true,
      reportsWork: true,
      response: pageSchema(buildSchema),
      answer: (request) => buildPage(parts, request, null),
    },
    {
      method: 'GET',
      path: '/builds/:id',
      summary: 'One build',
      permit: READ,
      reportsWork: true,
      response: buildSchema,
      answer: async (request) => buildView(await oneBuild(parts, request)),
    },
    {
      method: 'GET',
      path: '/builds/:id/logs',
      summary: 'What a build has printed so far, npm included',
      permit: READ,
      query: LOG_PARAMETERS,
      isPaged: true,
      asText: true,
      response: pageSchema(logLineSchema),
      answer: (request) => logOf(parts, request),
    },
  ];
}

async function requestBuild(parts: Parts, request: ApiRequest): Promise<unknown> {
  const read = readInput(buildRequestSchema, request.body, 'the request body');
  const dependencies = checkDependencies(read.dependencies, parts.rules, 'dependencies');
  const fn = await oneFunction(parts, request);
  const build = await parts.builder.requestBuild({
    ...{ world: request.world, functionId: fn.id, dependencies, engineMajor: engineOf(fn) },
    purpose: API_BUILDS,
  });
  return buildView(build);
}

function engineOf({ runtime }: SealedFunction): number {
  const found = findNodeRuntime(runtime);
  if (found === null || found === 'other_language') {
    fail('invalid_state', { message: `functions of the runtime ${runtime} have no packages of their own` });
  }
  return found.engineMajor;
}

async function oneBuild(parts: Parts, { world, params }: ApiRequest): Promise<Build> {
  const { id = '' } = params;
  const build = isBuildId(id) ? await findBuild(parts.sql, world, id) : null;
  return build ?? fail('not_found', { message: 'there is no such build' });
}

async function buildPage(
  parts: Parts,
  request: ApiRequest,
  functionId: string | null,
): Promise<Page<unknown>> {
  const { limit, after } = readPageQuery(request.query, isBuildId);
  const builds = await listBuilds(parts.sql, request.world, { limit: limit + 1, after, functionId });
  return pageOf(builds, limit, (build) => build.id, buildView);
}

async function logOf(parts: Parts, request: ApiRequest): Promise<Page<unknown> | ApiReply> {
  const isText = wantsText(request.query);
  const { limit, after } = readPageQuery(request.query, isLineNumber);
  const build = await oneBuild(parts, request);
  if (isText) return logText(await buildLog(parts.sql, build, { after: 0, limit: MOST_LINES }));
  const lines = await buildLog(parts.sql, build, { after: Number(after ?? 0), limit: limit + 1 });
  return pageOf(
    lines,
    limit,
    ({ number }) => String(number),
    ({ at, stream, text }) => ({ at: new Date(at).toISOString(), stream, text }),
  );
}

/** What the API shows of a build. */
export function buildView(build: Build): z.input<typeof buildSchema> {
  return {
    id: build.id,
    function_id: build.functionId,
    status: build.status,
    dependencies: build.dependencies,
    resolved: build.layer?.dependencies ?? {},
    error: build.error,
    created_at: build.createdAt.toISOString(),
    ended_at: build.endedAt?.toISOString() ?? null,
  };
}
