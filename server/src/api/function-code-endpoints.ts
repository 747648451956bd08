// The code of functions of whatever dialect, read: GET /functions/{id}/code and that of any version, as files
// or as the zip that was uploaded.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import type { UploadGate } from '../limits/upload-gate.ts';
import type { Sql } from '../postgres/database.ts';
import type { Threads } from '../threads/thread-pool.ts';
import { readBundle } from '../versions/bundle-store.ts';
import { filesSchema } from './code-input.ts';
import { filesAsJson } from './code-view.ts';
import { tagOf } from './entity-tags.ts';
import { oneFunction } from './function-endpoints.ts';
import { oneVersion } from './function-version-endpoints.ts';
import { type ApiEndpoint, ApiReply, type ApiRequest } from './millrace-api.ts';

type Parts = { sql: Sql; threads: Threads; uploadGate: Pick<UploadGate, 'during'> };

const READ = { resource: 'hosted_functions', method: 'read' } as const;
const codeSchema = z.object({ version: z.int(), files: filesSchema });
z.globalRegistry.add(codeSchema, { id: 'Code' });

export function functionCodeEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/functions/:id/code',
      summary: "The active version's code: files by path, or with `Accept: application/zip` the zip",
      permit: READ,
      asZip: true,
      response: codeSchema,
      answer: async (request) => {
        const fn = await oneFunction(parts, request);
        return showCode(parts, request, { ...fn, number: fn.version });
      },
    },
    {
      method: 'GET',
      path: '/functions/:id/versions/:number/code',
      summary: "A version's code, in the same way",
      permit: READ,
      asZip: true,
      response: codeSchema,
      answer: async (request) =>
        showCode(parts, request, await oneVersion(parts, request, await oneFunction(parts, request))),
    },
  ];
}

type Kept = { number: number; bundleHash: string; sizeBytes: number; filename: string };

/** What it takes of memory counts like an upload. */
function showCode(parts: Parts, { world, headers }: ApiRequest, kept: Kept): Promise<ApiReply> {
  const { accountId } = world;
  return parts.uploadGate.during({ accountId, bytes: kept.sizeBytes }, async () => {
    const zip = await readBundle(parts.sql, kept.bundleHash);
    if (zip === null) fail('not_found', { message: 'the version was removed meanwhile' });
    if (prefersZip(headers.accept)) return new ApiReply(200, zipHeaders(kept), zip);
    const json = await filesAsJson(parts.threads, accountId, { zip, version: kept.number });
    const etag = tagOf(`${kept.number} ${kept.bundleHash}`);
    return new ApiReply(200, { 'content-type': 'application/json; charset=utf-8', etag }, json);
  });
}

function zipHeaders({ number, filename }: Kept): Record<string, string> {
  const name = `${filename.replace(/\.zip$/i, '').replaceAll(/[^A-Za-z0-9._-]/g, '_')}-${number}.zip`;
  return { 'content-type': 'application/zip', 'content-disposition': `attachment; filename="${name}"` };
}

function prefersZip(accept = ''): boolean {
  return accept.split(',').some((type) => type.split(';')[0]?.trim().toLowerCase() === 'application/zip');
}
