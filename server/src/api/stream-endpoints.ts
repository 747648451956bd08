// Runs and their logs as they go on, as server-sent events: /runs/stream and /runs/{id}/logs/stream. Reading
// only.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { EVENT_STREAM_HEADERS } from '../http/event-stream.ts';
import type { Sql } from '../postgres/database.ts';
import type { LineRelay } from '../run-streams/line-relay.ts';
import { streamLog } from '../run-streams/log-stream.ts';
import type { OpenStreams } from '../run-streams/open-streams.ts';
import type { RunChanges } from '../run-streams/run-changes.ts';
import { streamRuns } from '../run-streams/run-stream.ts';
import type { RunRecorder } from '../runs/run-recorder.ts';
import { findRun } from '../runs/run-store.ts';
import { type ApiEndpoint, ApiReply, type ApiRequest } from './millrace-api.ts';
import { textParameter } from './query-parameters.ts';
import { isRunId } from './run-id.ts';
import { RUN_PARAMETERS, readRunFilter } from './run-query.ts';
import { runView } from './run-view.ts';

type Parts = {
  sql: Sql;
  recorder: Pick<RunRecorder, 'flush'>;
  streams: OpenStreams;
  changes: RunChanges;
  relay: LineRelay;
  /** Unix time in ms. */
  clock(): number;
  onError(error: unknown): void;
};

const { trigger, status } = RUN_PARAMETERS;

export function streamEndpoints(parts: Parts): ApiEndpoint[] {
  const permit = { resource: 'function_runs', method: 'read' } as const;
  return [
    {
      method: 'GET',
      path: '/runs/stream',
      summary: 'What becomes of runs, as it happens: events `open`, `run`, `gap`, `dropped`',
      permit,
      query: { function_id: textParameter('of that function'), ...({ trigger, status } as object) },
      response: z.string().describe('server-sent events; the data of `run` is a run'),
      asEvents: true,
      answer: (request) => runStream(parts, request),
    },
    {
      method: 'GET',
      path: '/runs/:id/logs/stream',
      summary: 'What a run prints, while it goes on: events `line`, `end`, `dropped`',
      permit,
      response: z.string().describe('server-sent events; the data of `line` is as in /runs/{id}/logs'),
      asEvents: true,
      answer: (request) => logStream(parts, request),
    },
  ];
}

async function runStream(parts: Parts, { world, query, headers, mayGoOn }: ApiRequest): Promise<ApiReply> {
  const filter = readRunFilter(query);
  const sinceMs = lastEventId(headers, 15);
  const stream = parts.streams.open(world.accountId, mayGoOn);
  void streamRuns(parts, { world, filter, sinceMs, stream, viewOf: runView }).catch((error: unknown) => {
    parts.onError(error);
    stream.end();
  });
  return new ApiReply(200, EVENT_STREAM_HEADERS, stream.body);
}

async function logStream(parts: Parts, { world, params, headers, mayGoOn }: ApiRequest): Promise<ApiReply> {
  const { id = '' } = params;
  const after = lastEventId(headers, 9) ?? 0;
  await parts.recorder.flush();
  const run = isRunId(id) ? await findRun(parts.sql, world, id) : null;
  if (run === null) fail('not_found', { message: 'there is no such run' });
  const stream = parts.streams.open(world.accountId, mayGoOn);
  const { sql, relay, onError } = parts;
  void streamLog(
    { sql, relay, onError, flush: () => parts.recorder.flush() },
    { world, runId: id, after, stream, viewOf: runView },
  );
  return new ApiReply(200, EVENT_STREAM_HEADERS, stream.body);
}

/** @throws Failure `invalid_input` */
function lastEventId(headers: ApiRequest['headers'], mostDigits: number): number | null {
  const id = headers['last-event-id'];
  if (id === undefined || id === '') return null;
  if (typeof id === 'string' && /^[0-9]+$/.test(id) && id.length <= mostDigits) return Number(id);
  return fail('invalid_input', { message: 'Last-Event-ID: must be the id of an event of this stream' });
}
