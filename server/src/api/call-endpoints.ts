// Outgoing calls: of one run, /runs/{id}/calls; and whom functions have called on each day, /egress/calls, as
// JSON and CSV. Reading only; that nothing is kept is set beside what is denied (egress-endpoints.ts).
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { findCalls, reasonForGap } from '../outgoing-calls/call-store.ts';
import { type EgressDay, listEgress } from '../outgoing-calls/egress-day-store.ts';
import { VERDICTS } from '../outgoing-calls/outgoing-call.ts';
import type { Sql } from '../postgres/database.ts';
import type { StoredRun } from '../runs/run.ts';
import type { RunRecorder } from '../runs/run-recorder.ts';
import { findRun } from '../runs/run-store.ts';
import { pageSchema } from './api-schemas.ts';
import { type CallView, callSchema, egressCsv, egressSchema, egressView } from './call-view.ts';
import { DAY_PARAMETERS, readDays } from './metric-span.ts';
import { type ApiEndpoint, ApiReply, type ApiRequest } from './millrace-api.ts';
import { pageOf, readPageQuery } from './page-query.ts';
import { readChoice, readFilter } from './query-filter.ts';
import { textParameter } from './query-parameters.ts';
import { isRunId } from './run-id.ts';

export type CallParts = {
  sql: Sql;
  recorder: Pick<RunRecorder, 'flush'>;
  /** What this node has seen of a run's calls is in the database when it resolves. */
  outgoing: { flush(runId: string): Promise<void> };
  /** Unix time in ms. */
  clock(): number;
};

const callsSchema = z.object({
  run_id: z.uuid(),
  unseen: z
    .enum(['switched_off', 'not_watched'])
    .nullable()
    .describe('why some or all of them are missing; null: none are, but for what is left out'),
  left_out: z.int().describe('beyond what is kept of a run'),
  incomplete: z.boolean().describe('there were more in a short time than could be followed'),
  data: z.array(callSchema),
});

const FORMATS = ['json', 'csv'] as const;

export function callEndpoints(parts: CallParts): ApiEndpoint[] {
  const permit = { resource: 'function_runs', method: 'read' } as const;
  return [
    {
      method: 'GET',
      path: '/runs/:id/calls',
      summary: "A run's outgoing calls, refused ones too, as the kernel has them",
      permit,
      response: callsSchema,
      answer: (request) => callsOfRun(parts, request),
    },
    {
      method: 'GET',
      path: '/egress/calls',
      summary: 'Whom functions have called, and were kept from, on each day',
      permit,
      query: {
        ...DAY_PARAMETERS,
        function_id: textParameter('of that function'),
        verdict: z.enum(VERDICTS).describe('of these alone'),
        format: z
          .enum(FORMATS)
          .default('json')
          .describe('`csv`: the page as CSV; the header `Millrace-Next` has `next`'),
      },
      isPaged: true,
      response: pageSchema(egressSchema),
      answer: (request) => egressPage(parts, request),
    },
  ];
}

async function callsOfRun(
  parts: CallParts,
  { world, params }: ApiRequest,
): Promise<z.input<typeof callsSchema>> {
  const { id = '' } = params;
  await parts.recorder.flush();
  const run = isRunId(id) ? await findRun(parts.sql, world, id) : null;
  if (run === null) fail('not_found', { message: 'there is no such run' });
  return { run_id: run.id, ...(await seenCalls(parts, run)) };
}

type SeenView = { unseen: 'switched_off' | 'not_watched' | null; left_out: number; incomplete: boolean };

/** What is known of a run's calls. */
export async function seenCalls(
  { sql, outgoing, clock }: Pick<CallParts, 'sql' | 'outgoing' | 'clock'>,
  run: StoredRun,
): Promise<SeenView & { data: CallView[] }> {
  await outgoing.flush(run.id);
  const { calls, leftOut, isIncomplete } = await findCalls(sql, run, run.id);
  const span = { from: new Date(run.startedAtMs ?? run.createdAtMs), to: new Date(run.endedAtMs ?? clock()) };
  const unseen = await reasonForGap(sql, run, span);
  return { unseen, left_out: leftOut, incomplete: isIncomplete, data: calls };
}

async function egressPage(parts: CallParts, { world, query }: ApiRequest): Promise<unknown> {
  const days = readDays(query, parts.clock());
  const format = readChoice(query, 'format', FORMATS) ?? 'json';
  const { limit, after } = readPageQuery(query, (text) => cursorOf(text) !== null);
  const filter = {
    ...{ from: dayOf(days.from.getTime()), to: dayOf(days.to.getTime() - 1) },
    ...{ functionId: readFilter(query, 'function_id'), verdict: readChoice(query, 'verdict', VERDICTS) },
    after: after === null ? null : cursorOf(after),
  };
  const page = pageOf(await listEgress(parts.sql, world, filter, limit + 1), limit, cursorTo, egressView);
  if (format === 'json') return page;
  const next = page.next === null ? {} : { 'millrace-next': page.next };
  return new ApiReply(200, { 'content-type': 'text/csv; charset=utf-8', ...next }, egressCsv(page.data));
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function cursorTo(row: EgressDay): string {
  const { day, functionId, verdict, protocol, address, port, host } = row;
  const key = [day, functionId, verdict, protocol, address, String(port), host];
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** @returns null where it is none of ours */
function cursorOf(text: string): string[] | null {
  try {
    const key = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
    if (!Array.isArray(key) || key.length !== 7 || !key.every((part) => typeof part === 'string'))
      return null;
    const [day = '', , , , , port = ''] = key as string[];
    return /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) && /^\d{1,5}$/.test(port)
      ? (key as string[])
      : null;
  } catch {
    // Not ours.
    return null;
  }
}
