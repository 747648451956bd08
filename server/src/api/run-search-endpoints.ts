// Runs that have a text in their log or error: /runs/search. Looks at as many as it can in a moment, says
// how far it came, and goes on from there. Reading only.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import type { Sql } from '../postgres/database.ts';
import type { StoredRun } from '../runs/run.ts';
import { EVERY_RUN, listRuns } from '../runs/run-list-store.ts';
import type { RunRecorder } from '../runs/run-recorder.ts';
import { type FoundLine, linesHaving } from '../runs/run-search-store.ts';
import { msOfId } from '../runs/run-time.ts';
import { logLineSchema, runSchema } from './api-schemas.ts';
import { readTimes, SPAN_PARAMETERS } from './metric-span.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { readPageQuery } from './page-query.ts';
import { readFilter } from './query-filter.ts';
import { textParameter } from './query-parameters.ts';
import { isRunId } from './run-id.ts';
import { runView } from './run-view.ts';

type Parts = {
  sql: Sql;
  recorder: Pick<RunRecorder, 'flush'>;
  /** Unix time in ms. */
  clock(): number;
};

type FoundRun = { run: StoredRun; lines: readonly FoundLine[] };

/** One answer. */
const MOST_MS = 250;
/** Logs may be long: few first, and more as it turns out. */
const FIRST_PORTION_RUNS = 20;
const MOST_PORTION_RUNS = 500;
const PORTION_MS = 50;
const LEAST_CHARACTERS = 3;
const SHOWN_LINES = 5;
const DAY_MS = 86_400_000;

const { from, to } = SPAN_PARAMETERS;
const foundSchema = z.object({
  run: runSchema,
  lines: z.array(logLineSchema.extend({ number: z.int() })).describe('that have the text, the first five'),
});
const searchSchema = z.object({
  data: z.array(foundSchema),
  next: z.uuid().nullable().describe('hand it back as `after`; null: the whole span was looked at'),
  looked_at: z.int().describe('runs that this answer is made of'),
  looked_back_to: z.iso.datetime().describe('down to here nothing was left out'),
});

export function runSearchEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/runs/search',
      summary: 'Runs with a text in their log or error, newest first: as far as a moment goes',
      permit: { resource: 'function_runs', method: 'read' },
      query: {
        text: textParameter('required; regardless of the case of A to Z; at least 3 characters'),
        function_id: textParameter('of that function'),
        ...({ from, to } as object),
      },
      isPaged: true,
      readsMuch: true,
      response: searchSchema,
      answer: (request) => search(parts, request),
    },
  ];
}

async function search(parts: Parts, { world, query }: ApiRequest): Promise<z.input<typeof searchSchema>> {
  const text = readFilter(query, 'text') ?? '';
  const { limit, after } = readPageQuery(query, isRunId);
  const span = readTimes(query, { nowMs: parts.clock(), usualMs: DAY_MS });
  const functionId = readFilter(query, 'function_id');
  if ([...text].length < LEAST_CHARACTERS) {
    fail('invalid_input', {
      message: `text: must have at least ${LEAST_CHARACTERS} characters`,
      field: 'text',
    });
  }
  const filter = {
    ...EVERY_RUN,
    functionIds: functionId === null ? null : [functionId],
    ...{ createdAfter: new Date(span.fromMs), createdBefore: new Date(span.toMs) },
  };
  await parts.recorder.flush();
  const until = performance.now() + MOST_MS;
  const found: FoundRun[] = [];
  let lookedAt = 0;
  let next = after;
  let portion = FIRST_PORTION_RUNS;
  do {
    const begunAt = performance.now();
    const runs = await listRuns(parts.sql, world, { ...filter, after: next }, portion);
    found.push(...(await thoseHaving(parts.sql, text, runs)));
    lookedAt += runs.length;
    next = runs.length < portion ? null : (runs.at(-1)?.id ?? null);
    portion = nextPortion(portion, performance.now() - begunAt);
  } while (next !== null && found.length < limit && performance.now() < until);
  const shown = found.slice(0, limit);
  // What was found beyond the page comes with the next.
  if (found.length > limit) next = shown.at(-1)?.run.id ?? null;
  return {
    data: shown.map((one) => foundView(one)),
    next,
    looked_at: lookedAt,
    looked_back_to: new Date(next === null ? span.fromMs : msOfId(next)).toISOString(),
  };
}

/** Pure. */
export function nextPortion(runs: number, tookMs: number): number {
  const wanted = tookMs < PORTION_MS / 2 ? runs * 2 : tookMs > PORTION_MS * 2 ? Math.ceil(runs / 2) : runs;
  return Math.min(wanted, MOST_PORTION_RUNS);
}

async function thoseHaving(sql: Sql, text: string, runs: readonly StoredRun[]): Promise<FoundRun[]> {
  const [first] = runs;
  if (first === undefined) return [];
  const runIds = runs.map(({ id }) => id);
  const logs = await linesHaving(sql, first.accountId, { text, runIds, most: SHOWN_LINES });
  const wanted = text.toLowerCase();
  return runs.flatMap((run) => {
    const { type = '', message = '', stack = '' } = run.error ?? {};
    const isInError = `${type}\n${message}\n${stack}`.toLowerCase().includes(wanted);
    const lines = logs.get(run.id);
    return lines === undefined && !isInError ? [] : [{ run, lines: lines ?? [] }];
  });
}

function foundView({ run, lines }: FoundRun) {
  return {
    run: runView(run),
    lines: lines.map(({ number, ...line }) => ({
      ...{ ...line, at: new Date(line.at).toISOString() },
      // The platform's own line stands before them.
      number: number + 1,
    })),
  };
}
