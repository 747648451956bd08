// The life of a run, attempt by attempt: /runs/{id}/timeline. Reading only.
import { z } from 'zod';
import { inMs } from '../clock/in-ms.ts';
import { fail } from '../errors/failure.ts';
import type { Sql } from '../postgres/database.ts';
import {
  type PastAttempt,
  RUN_STATUSES,
  SANDBOX_STARTS,
  type SandboxStart,
  type StoredRun,
} from '../runs/run.ts';
import { findStarts } from '../runs/run-start-store.ts';
import { findRun } from '../runs/run-store.ts';
import { type CallParts, seenCalls } from './call-endpoints.ts';
import { callSchema } from './call-view.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { isRunId } from './run-id.ts';

type Parts = Omit<CallParts, 'sql'> & { sql: Sql };

const at = z.iso.datetime().nullable();
const attemptSchema = z.object({
  attempt: z.int(),
  status: z.enum(RUN_STATUSES),
  sandbox: z
    .enum(SANDBOX_STARTS)
    .nullable()
    .describe(
      '`warm`: it had run before; `ahead`: started before it was needed; `stock`, `cold`: started for this',
    ),
  sandbox_wait_ms: z.number().nullable().describe('until there was a place in a sandbox'),
  init_ms: z.number().nullable().describe('of these: starting the runtime and loading the code'),
  started_at: at.describe('when its code was called'),
  ended_at: at,
  duration_ms: z.number().nullable(),
  error_type: z.string().nullable(),
});
const timelineSchema = z.object({
  run_id: z.uuid(),
  accepted_at: z.iso.datetime(),
  due_at: at.describe('from when its last attempt might begin'),
  wait_ms: z.number().nullable().describe('of the last attempt: from then until its code was called'),
  attempts: z.array(attemptSchema),
  calls: z.array(callSchema).describe('its outgoing calls'),
  calls_unseen: z.enum(['switched_off', 'not_watched']).nullable().describe('why some or all are missing'),
  ended_at: at,
});

export function timelineEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/runs/:id/timeline',
      summary: 'The life of a run: what it waited for, and each attempt',
      permit: { resource: 'function_runs', method: 'read' },
      response: timelineSchema,
      answer: (request) => timeline(parts, request),
    },
  ];
}

async function timeline(
  parts: Parts,
  { world, params }: ApiRequest,
): Promise<z.input<typeof timelineSchema>> {
  const { id = '' } = params;
  await parts.recorder.flush();
  const run = isRunId(id) ? await findRun(parts.sql, world, id) : null;
  if (run === null) fail('not_found', { message: 'there is no such run' });
  const starts = await findStarts(parts.sql, world, id);
  const calls = await seenCalls(parts, run);
  const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  const mayBegin = Math.max(run.createdAtMs, run.dueAtMs ?? 0);
  return {
    run_id: run.id,
    accepted_at: new Date(run.createdAtMs).toISOString(),
    due_at: time(run.dueAtMs),
    wait_ms: run.startedAtMs === null ? null : inMs(Math.max(0, run.startedAtMs - mayBegin)),
    attempts: attemptsOf(run, starts),
    ...{ calls: calls.data, calls_unseen: calls.unseen },
    ended_at: time(run.endedAtMs),
  };
}

type AttemptView = z.input<typeof attemptSchema>;

/** Those before the last, and the last unless it is one of them: then the run waits for the next. */
function attemptsOf(run: StoredRun, starts: ReadonlyMap<number, SandboxStart>): AttemptView[] {
  const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  const past = run.history.map(
    (entry): AttemptView => ({
      ...{
        attempt: entry.attempt,
        status: entry.status,
        ...startOf(starts.get(entry.attempt), calledAt(entry)),
      },
      ...{ started_at: entry.started_at, ended_at: entry.ended_at, duration_ms: entry.duration_ms ?? null },
      error_type: entry.error?.type ?? null,
    }),
  );
  if (run.attempts === 0 || past.some(({ attempt }) => attempt === run.attempts)) return past;
  const startedAt = time(run.startedAtMs);
  const last: AttemptView = {
    ...{ attempt: run.attempts, status: run.status, ...startOf(starts.get(run.attempts), startedAt) },
    ...{ started_at: startedAt, ended_at: time(run.endedAtMs), duration_ms: run.durationMs },
    error_type: run.error?.type ?? null,
  };
  return [...past, last];
}

/** Of an attempt that was lost nobody knows where it ran. */
function calledAt({ started_at: startedAt, duration_ms: durationMs }: PastAttempt): string | null {
  return durationMs === undefined ? null : startedAt;
}

/** What is in no row was warm, if it was called at all. */
function startOf(
  start: SandboxStart | undefined,
  startedAt: string | null,
): Pick<AttemptView, 'sandbox' | 'sandbox_wait_ms' | 'init_ms'> {
  if (start !== undefined) {
    const { sandbox, waitedMs, initMs } = start;
    return { sandbox, sandbox_wait_ms: inMs(waitedMs), init_ms: initMs };
  }
  return {
    sandbox: startedAt === null ? null : 'warm',
    sandbox_wait_ms: startedAt === null ? null : 0,
    init_ms: null,
  };
}
