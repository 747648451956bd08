// The input of a run and what it returned: /runs/{id}/input and /runs/{id}/result, opened for those who may
// read runs; and /runs/{id}/contents, which forgets them.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import type { Database } from '../postgres/database.ts';
import { forgetContents } from '../runs/ended-run-store.ts';
import type { RunInput } from '../runs/run-input.ts';
import type { RunRecorder } from '../runs/run-recorder.ts';
import { findRun, findSealed } from '../runs/run-store.ts';
import { openInput, openResult, type Seals } from '../runs/sealed-contents.ts';
import { resultSchema, shownInputSchema } from './api-schemas.ts';
import { seesAddresses, withoutAddress } from './hidden-address.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { isRunId } from './run-id.ts';

type Parts = { sql: Database; recorder: Pick<RunRecorder, 'flush'>; keys: Seals };

/** A caller that may read runs may, unless it is denied. */
const PERMIT = { resource: 'run_contents', method: 'read' } as const;

export function runContentEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/runs/:id/input',
      summary: 'The input of a run, while it is kept',
      permit: PERMIT,
      response: shownInputSchema,
      answer: async (request) => {
        const { owner, input } = await findKept(parts, request);
        if (input === null) fail('not_found', { message: 'the input of this run is not kept' });
        return shownInput(await openInput(parts.keys, owner, input), request.caller);
      },
    },
    {
      method: 'GET',
      path: '/runs/:id/result',
      summary: 'What the function returned, while it is kept',
      permit: PERMIT,
      response: resultSchema,
      answer: async (request) => {
        const { owner, status, result } = await findKept(parts, request);
        if (result === null) fail('not_found', { message: noResult(status) });
        return { result: JSON.parse(await openResult(parts.keys, owner, result)) as unknown };
      },
    },
    {
      method: 'DELETE',
      path: '/runs/:id/contents',
      summary: 'Forgets what a run was given, returned and printed, and the words of its errors',
      permit: [
        { resource: 'function_runs', method: 'delete' },
        { resource: 'run_contents', method: 'delete' },
      ],
      status: 204,
      response: z.null(),
      answer: (request) => forget(parts, request),
    },
  ];
}

function shownInput(input: RunInput, caller: ApiRequest['caller']): RunInput {
  const { request } = input;
  if (request === undefined || seesAddresses(caller)) return input;
  return { ...input, request: { ...request, path: withoutAddress(request.path) } };
}

async function forget(parts: Parts, { world, params }: ApiRequest): Promise<null> {
  const { id = '' } = params;
  await parts.recorder.flush();
  const run = isRunId(id) ? await findRun(parts.sql, world, id) : null;
  if (run === null) fail('not_found', { message: 'there is no such run' });
  if (!(await parts.sql.transaction((sql) => forgetContents(sql, world, id)))) {
    fail('invalid_state', { message: `the run is ${run.status}: only one that has ended can forget` });
  }
  return null;
}

function noResult(status: string): string {
  if (status === 'queued' || status === 'running') return `the run has no result yet: it is ${status}`;
  return status === 'succeeded'
    ? 'the result of this run is not kept'
    : `the run has no result: it is ${status}`;
}

async function findKept(parts: Parts, { world, params }: ApiRequest) {
  const { id = '' } = params;
  await parts.recorder.flush();
  const sealed = isRunId(id) ? await findSealed(parts.sql, world, id) : null;
  if (sealed === null) fail('not_found', { message: 'there is no such run' });
  return { ...sealed, owner: { accountId: world.accountId, runId: id } };
}
