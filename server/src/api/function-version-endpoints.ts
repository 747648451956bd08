// Versions of a function of whatever dialect: the list, one of them, its note, and which of them is active.
// Versions are never changed but for their notes.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import type { SealedFunction } from '../functions/function-store.ts';
import { readInput } from '../http/read-input.ts';
import type { Sql } from '../postgres/database.ts';
import type { Deployment } from '../versions/deployment.ts';
import { findVersion, listVersions, noteVersion, type Version } from '../versions/version-store.ts';
import { functionSchema, pageSchema, versionSchema } from './api-schemas.ts';
import { conventionName } from './convention-name.ts';
import { functionView, oneFunction } from './function-endpoints.ts';
import { noteField } from './function-fields.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';

type Parts = { sql: Sql; deployment: Pick<Deployment, 'activate'> };

const READ = { resource: 'hosted_functions', method: 'read' } as const;
const UPDATE = { resource: 'hosted_functions', method: 'update' } as const;

const noteSchema = z.strictObject({ note: noteField });

export function functionVersionEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/functions/:id/versions',
      summary: 'Every version of a function, newest first',
      permit: READ,
      response: pageSchema(versionSchema),
      answer: async (request) => {
        const fn = await oneFunction(parts, request);
        const versions = await listVersions(parts.sql, request.world, fn.id);
        return { data: versions.map((version) => versionView(fn, version)), next: null };
      },
    },
    {
      method: 'GET',
      path: '/functions/:id/versions/:number',
      summary: 'One version of a function',
      permit: READ,
      response: versionSchema,
      answer: async (request) => {
        const fn = await oneFunction(parts, request);
        return versionView(fn, await oneVersion(parts, request, fn));
      },
    },
    {
      method: 'PATCH',
      path: '/functions/:id/versions/:number',
      summary: 'Writes a note to a version',
      permit: UPDATE,
      body: noteSchema,
      response: versionSchema,
      answer: async (request) => {
        const { note } = readInput(noteSchema, request.body, 'the request body');
        const fn = await oneFunction(parts, request);
        const at = { functionId: fn.id, number: versionNumber(request.params.number) };
        await noteVersion(parts.sql, request.world, { ...at, note });
        return versionView(fn, await oneVersion(parts, request, fn));
      },
    },
    {
      method: 'POST',
      path: '/functions/:id/versions/:number/activate',
      summary: 'Makes a version the active one: the way back, too',
      permit: UPDATE,
      response: functionSchema,
      answer: async ({ world, params }) =>
        functionView(await parts.deployment.activate(world, params.id ?? '', versionNumber(params.number))),
    },
  ];
}

/** That the address names. @throws Failure `not_found` */
export async function oneVersion(
  { sql }: { sql: Sql },
  { world, params }: Pick<ApiRequest, 'world' | 'params'>,
  { id }: { id: string },
): Promise<Version> {
  const number = versionNumber(params.number);
  const version = await findVersion(sql, world, { functionId: id, number });
  return version ?? fail('not_found', { message: 'the function has no such version' });
}

/** 0 is no version's. */
function versionNumber(text = ''): number {
  return /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
}

function versionView(fn: SealedFunction, version: Version): z.input<typeof versionSchema> {
  return {
    number: version.number,
    active: version.number === fn.version,
    content_hash: version.bundleHash,
    filename: version.filename,
    bytes: version.sizeBytes,
    handler: version.handler,
    runtime: version.runtime,
    convention: conventionName(version.convention),
    dependencies: version.dependencies,
    note: version.note,
    made_by: version.madeBy,
    created_at: version.createdAt.toISOString(),
  };
}
