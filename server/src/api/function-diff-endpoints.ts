// What two versions of a function differ in: GET /functions/{id}/versions/{from}/diff/{to}. Code as unified
// diffs, and how it is started. Variables, triggers and limits are the function's, not a version's.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import type { UploadGate } from '../limits/upload-gate.ts';
import type { Sql } from '../postgres/database.ts';
import type { Threads } from '../threads/thread-pool.ts';
import { readBundle } from '../versions/bundle-store.ts';
import type { Version } from '../versions/version-store.ts';
import { diffCode, type FileDiff } from './code-diff.ts';
import { conventionName } from './convention-name.ts';
import { oneFunction } from './function-endpoints.ts';
import { oneVersion } from './function-version-endpoints.ts';
import type { ApiEndpoint } from './millrace-api.ts';

type Parts = { sql: Sql; threads: Threads; uploadGate: Pick<UploadGate, 'during'> };

const diffSchema = z.object({
  from: z.int(),
  to: z.int(),
  files: z.array(
    z.object({
      path: z.string(),
      change: z.enum(['added', 'removed', 'changed']),
      patch: z.string().nullable().describe('unified diff'),
      reason: z.enum(['binary', 'too_large']).nullable().describe('why there is none'),
    }),
  ),
  settings: z
    .record(z.string(), z.object({ from: z.unknown(), to: z.unknown() }))
    .describe('of handler, runtime, convention and dependencies those that differ'),
});
z.globalRegistry.add(diffSchema, { id: 'CodeDiff' });

export function functionDiffEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/functions/:id/versions/:from/diff/:to',
      summary: 'What two versions of a function differ in',
      permit: { resource: 'hosted_functions', method: 'read' },
      response: diffSchema,
      answer: async (request) => {
        const fn = await oneFunction(parts, request);
        const { world, params } = request;
        const version = (number = '') => oneVersion(parts, { world, params: { number } }, fn);
        const [from, to] = [await version(params.from), await version(params.to)];
        const files = await diffFiles(parts, world.accountId, { from, to });
        return { from: from.number, to: to.number, files, settings: diffSettings(from, to) };
      },
    },
  ];
}

type Two = { from: Version; to: Version };

/** What it takes of memory counts like an upload. */
async function diffFiles(parts: Parts, accountId: string, { from, to }: Two): Promise<FileDiff[]> {
  if (from.bundleHash === to.bundleHash) return [];
  const bytes = from.sizeBytes + to.sizeBytes;
  return await parts.uploadGate.during({ accountId, bytes }, async () =>
    diffCode(parts.threads, accountId, { from: await zipOf(parts, from), to: await zipOf(parts, to) }),
  );
}

async function zipOf({ sql }: Parts, { bundleHash }: Version): Promise<Buffer> {
  return (
    (await readBundle(sql, bundleHash)) ?? fail('not_found', { message: 'the version was removed meanwhile' })
  );
}

function diffSettings(from: Version, to: Version): z.infer<typeof diffSchema>['settings'] {
  const [before, after] = [startOf(from), startOf(to)];
  const names = Object.keys(before) as (keyof typeof before)[];
  const different = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  return Object.fromEntries(different.map((name) => [name, { from: before[name], to: after[name] }]));
}

function startOf({ handler, runtime, convention, dependencies }: Version) {
  return { handler, runtime, convention: conventionName(convention), dependencies };
}
