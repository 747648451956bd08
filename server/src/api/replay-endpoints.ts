// Runs that are run again: POST /runs/{id}/replay, POST /runs/replay for many.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { readInput } from '../http/read-input.ts';
import type { Sql } from '../postgres/database.ts';
import type { BatchResult, Replays, ReplayVersion } from '../queue/replay-runs.ts';
import type { CandidateKind } from '../queue/replay-store.ts';
import type { RunRecorder } from '../runs/run-recorder.ts';
import type { RunSelection } from '../runs/run-selection.ts';
import { findRun } from '../runs/run-store.ts';
import { runSchema } from './api-schemas.ts';
import { type ApiEndpoint, ApiReply, type ApiRequest } from './millrace-api.ts';
import { isRunId } from './run-id.ts';
import { readRunInput, runInputSchema } from './run-input-fields.ts';
import {
  batchLimitSchema,
  cursorText,
  readCursor,
  runFilterSchema,
  selectionOf,
} from './run-selection-input.ts';
import { runUrl, runView } from './run-view.ts';

export type ReplayEndpointParts = {
  sql: Sql;
  /** Flushed, so that a run whose caller was answered just now is there. */
  recorder: Pick<RunRecorder, 'flush'>;
  replays: Replays;
  /** Without a trailing slash. */
  publicUrl: string;
};

const PERMIT = { resource: 'function_runs', method: 'create' } as const;

const VERSION_RULE = 'must be same, active or the number of a version';
export const versionSchema = z
  .union([z.enum(['same', 'active']), z.int().min(1).max(2_147_483_647)], VERSION_RULE)
  .default('active')
  .describe('`same`: the one that the run ran; `active`: the one that is active when the new run begins');

const oneSchema = z.strictObject({ input: z.unknown().optional(), version: versionSchema });
const shownOneSchema = z
  .strictObject({ input: runInputSchema, version: versionSchema })
  .partial()
  .describe('`input`: the whole input of the new run');

const manySchema = z.strictObject({
  filter: runFilterSchema,
  version: versionSchema,
  limit: batchLimitSchema,
  after: z.string().nullish().describe('the `next` of an earlier answer; the rest must be as it was'),
});

export const batchSchema = z.object({
  replayed: z.array(z.object({ run_id: z.uuid(), replay_id: z.uuid() })),
  skipped: z.array(
    z.object({
      run_id: z.uuid(),
      reason: z.enum(['input_not_kept', 'function_gone', 'function_disabled']),
    }),
  ),
  next: z.string().nullable().describe('hand it back as `after`; null: there are no more'),
  stopped: z
    .object({ code: z.string(), message: z.string() })
    .nullable()
    .describe('why it ended before its limit; go on later'),
});
z.globalRegistry.add(batchSchema, { id: 'ReplayBatch' });

export function replayEndpoints(parts: ReplayEndpointParts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: '/runs/:id/replay',
      takesPayload: true,
      summary: 'Runs a run again, as a new one, with the same input or another',
      permit: PERMIT,
      body: shownOneSchema,
      status: 202,
      response: runSchema,
      answer: (request) => replayOne(parts, request),
    },
    {
      method: 'POST',
      path: '/runs/replay',
      summary: 'Runs many things again, oldest first',
      permit: PERMIT,
      body: manySchema,
      status: 202,
      response: batchSchema,
      answer: async ({ world, body }) => {
        const { filter, version, limit, after } = readInput(manySchema, body, 'the request body');
        requireFunctionFor(version, filter.function_id);
        return await replayMany(parts, world, {
          ...{ kind: 'ended', selection: selectionOf(filter), version, limit },
          after: after ?? null,
        });
      },
    },
  ];
}

async function replayOne(parts: ReplayEndpointParts, { world, params, body }: ApiRequest): Promise<ApiReply> {
  const { input, version } = readInput(oneSchema, body ?? {}, 'the request body');
  const { id = '' } = params;
  await parts.recorder.flush();
  const run = isRunId(id) ? await findRun(parts.sql, world, id) : null;
  if (run === null) fail('not_found', { message: 'there is no such run' });
  const told = input === undefined ? null : readRunInput(input, run.trigger);
  const replay = await parts.replays.one(world, run, { input: told, version });
  const headers = { location: runUrl(parts.publicUrl, replay.id) };
  return new ApiReply(202, headers, { ...runView(replay), replays: [] });
}

/** A number means nothing without the function that it is of. @throws Failure `invalid_input` */
export function requireFunctionFor(version: ReplayVersion, functionId: string | undefined): void {
  if (typeof version !== 'number' || functionId !== undefined) return;
  const message = 'filter.function_id: is required with the number of a version';
  fail('invalid_input', { message, field: 'filter.function_id' });
}

type Batch = {
  kind: CandidateKind;
  selection: RunSelection;
  version: ReplayVersion;
  limit: number;
  after: string | null;
};

/** Also what a redrive answers. */
export async function replayMany(
  { replays, recorder }: Pick<ReplayEndpointParts, 'replays' | 'recorder'>,
  world: ApiRequest['world'],
  batch: Batch,
): Promise<z.input<typeof batchSchema>> {
  await recorder.flush();
  const after = batch.after === null ? null : readCursor(batch.after);
  return batchView(await replays.many(world, { ...batch, after }));
}

function batchView({ replayed, skipped, next, stopped }: BatchResult): z.input<typeof batchSchema> {
  return {
    replayed: replayed.map(({ runId, replayId }) => ({ run_id: runId, replay_id: replayId })),
    skipped: skipped.map(({ runId, reason }) => ({ run_id: runId, reason })),
    next: next === null ? null : cursorText(next),
    stopped: stopped === null ? null : { code: stopped.code, message: stopped.message },
  };
}
