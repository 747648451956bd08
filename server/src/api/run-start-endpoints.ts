// Runs that are started and ended by the API: POST /functions/{id}/runs (waits for the result, or answers 202
// to a caller who prefers not to), POST /runs/{id}/cancel.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import type { AcceptRun } from '../gateway/accept-run.ts';
import { prefersAsync } from '../http/prefer.ts';
import type { Sql } from '../postgres/database.ts';
import type { CancelRun } from '../queue/cancel-run.ts';
import type { CallFunction } from '../runs/call-function.ts';
import type { StoredRun } from '../runs/run.ts';
import type { RunInput } from '../runs/run-input.ts';
import type { RunRecorder } from '../runs/run-recorder.ts';
import { runToShow } from '../runs/run-to-show.ts';
import { causeWithTrace } from '../runs/trace-context.ts';
import { calledSchema, runSchema } from './api-schemas.ts';
import { type ApiEndpoint, ApiReply, type ApiRequest } from './millrace-api.ts';
import { isRunId } from './run-id.ts';
import { runUrl, runView } from './run-view.ts';

type Parts = {
  sql: Sql;
  /** Flushed, so that the run which was waited for can be shown. */
  recorder: Pick<RunRecorder, 'flush'>;
  call: CallFunction;
  accept: AcceptRun;
  cancel: CancelRun;
  /** Without a trailing slash. */
  publicUrl: string;
};

export function runStartEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: '/functions/:id/runs',
      summary:
        'Runs a function with the body as its data; with `Prefer: respond-async` the answer does not wait for it',
      permit: { resource: 'hosted_function_executions', method: 'create' },
      takesPayload: true,
      body: z.unknown(),
      response: calledSchema,
      accepted: runSchema,
      answer: (request) =>
        prefersAsync(request.headers.prefer) ? accept(parts, request) : call(parts, request),
    },
    {
      method: 'POST',
      path: '/runs/:id/cancel',
      summary: 'Ends a run: one that waits at once, one that is going on within a moment',
      permit: { resource: 'function_runs', method: 'update' },
      response: runSchema,
      answer: async ({ world, params: { id = '' } }) => {
        await parts.recorder.flush();
        if (!isRunId(id)) fail('not_found', { message: 'there is no such run' });
        return runView(await parts.cancel(world, id));
      },
    },
  ];
}

async function accept(parts: Parts, request: ApiRequest): Promise<ApiReply> {
  const run = await parts.accept(wantedRun(request));
  return acceptedReply(run, parts.publicUrl);
}

/** 202, with the run and its address. */
function acceptedReply(run: StoredRun, publicUrl: string): ApiReply {
  const headers = { 'preference-applied': 'respond-async', location: runUrl(publicUrl, run.id) };
  return new ApiReply(202, headers, runView(run));
}

async function call(parts: Parts, request: ApiRequest): Promise<unknown> {
  const called = await parts.call(wantedRun(request));
  const run = await runToShow(parts, request.world, called);
  const { outcome } = called;
  const result = outcome.end === 'returned' ? (JSON.parse(outcome.result.toString()) as unknown) : null;
  return { run: runView(run), result };
}

function wantedRun({ world, params, body, ip, headers }: ApiRequest) {
  const input: RunInput = {
    trigger: 'api_direct',
    source: { id: null, name: null },
    data: body ?? null,
  };
  return { world, functionId: params.id ?? '', input, cause: causeWithTrace({ ip }, said(headers)) };
}

/** What a caller says of where the run belongs. */
function said({ traceparent, 'x-request-id': requestId }: ApiRequest['headers']): string[] {
  return [
    ...(typeof traceparent === 'string' ? ['traceparent', traceparent] : []),
    ...(typeof requestId === 'string' ? ['x-request-id', requestId] : []),
  ];
}
