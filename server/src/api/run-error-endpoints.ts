// The error of a run, with its frames and the source around them: /runs/{id}/error. Reading only.
import { z } from 'zod';
import { fingerprintOf } from '../error-groups/error-fingerprint.ts';
import { stackFrames } from '../error-groups/stack-frames.ts';
import { fail } from '../errors/failure.ts';
import type { UploadGate } from '../limits/upload-gate.ts';
import type { Sql } from '../postgres/database.ts';
import { isFunctionFault, type StoredRun } from '../runs/run.ts';
import type { RunRecorder } from '../runs/run-recorder.ts';
import { findRun } from '../runs/run-store.ts';
import type { Threads } from '../threads/thread-pool.ts';
import { readBundle } from '../versions/bundle-store.ts';
import { findVersion } from '../versions/version-store.ts';
import { frameSchema } from './error-group-endpoints.ts';
import { type SourcedFrame, sourceOfFrames } from './error-source.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { isRunId } from './run-id.ts';

type Parts = {
  sql: Sql;
  recorder: Pick<RunRecorder, 'flush'>;
  threads: Threads;
  uploadGate: Pick<UploadGate, 'during'>;
};

const sourcedFrame = frameSchema.extend({
  original: z
    .object({ file: z.string(), line: z.int(), column: z.int() })
    .nullable()
    .describe('by the source map of the code'),
  source: z
    .array(z.object({ line: z.int(), text: z.string() }))
    .nullable()
    .describe('the lines around it: of `original`, where its text is known'),
});
const errorSchema = z.object({
  type: z.string(),
  message: z.string(),
  stack: z.string(),
  version: z.int(),
  error_group: z.string().nullable().describe('the group of /errors that it is of'),
  frames: z.array(sourcedFrame).describe('the innermost first'),
});

export function runErrorEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/runs/:id/error',
      summary: "A run's error: its frames, and the source around those of the function's own code",
      permit: [
        { resource: 'function_runs', method: 'read' },
        { resource: 'hosted_functions', method: 'read' },
      ],
      response: errorSchema,
      answer: (request) => showError(parts, request),
    },
  ];
}

async function showError(parts: Parts, request: ApiRequest): Promise<z.input<typeof errorSchema>> {
  const { id = '' } = request.params;
  await parts.recorder.flush();
  const run = isRunId(id) ? await findRun(parts.sql, request.world, id) : null;
  if (run === null) fail('not_found', { message: 'there is no such run' });
  if (run.error === null) fail('not_found', { message: 'the run has no error' });
  const { type, message, stack } = run.error;
  const frames = await framesOf(parts, run, stack);
  return {
    ...{ type, message, stack, version: run.version },
    error_group: isFunctionFault(run) ? fingerprintOf(run.functionId, run.error).id : null,
    frames: frames.map(({ isOwn, ...frame }) => ({ ...frame, own: isOwn })),
  };
}

/** Without source, where the version is gone. */
async function framesOf(
  { sql, threads, uploadGate }: Parts,
  run: StoredRun,
  stack: string,
): Promise<SourcedFrame[]> {
  const frames = stackFrames(stack);
  const bare = frames.map((frame) => ({ ...frame, original: null, source: null }));
  if (!frames.some(({ isOwn }) => isOwn)) return bare;
  const { accountId, functionId } = run;
  const version = await findVersion(sql, run, { functionId, number: run.version });
  if (version === null) return bare;
  return await uploadGate.during({ accountId, bytes: version.sizeBytes }, async () => {
    const zip = await readBundle(sql, version.bundleHash);
    return zip === null ? bare : await sourceOfFrames(threads, accountId, { zip, frames });
  });
}
