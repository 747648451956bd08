// What runs come to: /metrics/runs in steps of a span, /metrics/usage by day; and of all accounts, for the
// operator. Reading only.
import { z } from 'zod';
import { MODES } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import { GROUPINGS, hasMoreNumbers, readMetrics, readUsage } from '../metrics/metric-store.ts';
import type { Sql } from '../postgres/database.ts';
import type { RunRecorder } from '../runs/run-recorder.ts';
import { pageSchema } from './api-schemas.ts';
import { DAY_PARAMETERS, readDays, readSpan, SPAN_PARAMETERS } from './metric-span.ts';
import { metricsSchema, pointView, usageCsv, usageSchema, usageView } from './metric-view.ts';
import { type ApiEndpoint, ApiReply, type ApiRequest } from './millrace-api.ts';
import { operating } from './operator-account-endpoints.ts';
import { pageOf, readPageQuery } from './page-query.ts';
import { readChoice, readFilter } from './query-filter.ts';
import { textParameter } from './query-parameters.ts';

type Parts = {
  sql: Sql;
  /** Flushed before every read: the run that a caller was just answered by is counted. */
  recorder: Pick<RunRecorder, 'flush'>;
  /** Unix time in ms. */
  clock(): number;
};

/** Rows that one answer may be made of, and points that it may have. */
const MOST_ROWS = 100_000;
const MOST_POINTS = 5_000;
/** The same of an account's usage, of which each answer is a page. */
const MOST_USAGE_ROWS = 250_000;

const FORMATS = ['json', 'csv'] as const;
const USAGE_PARAMETERS = {
  ...DAY_PARAMETERS,
  format: z
    .enum(FORMATS)
    .default('json')
    .describe('`csv`: the page as CSV; the header `Millrace-Next` has `next`'),
};

export function metricEndpoints(parts: Parts): ApiEndpoint[] {
  const permit = { resource: 'function_runs', method: 'read' } as const;
  const usage = {
    query: USAGE_PARAMETERS,
    isPaged: true,
    readsMuch: true,
    response: pageSchema(usageSchema),
  } as const;
  return [
    {
      method: 'GET',
      path: '/metrics/runs',
      summary: 'What runs came to in each step of a span: outcomes, durations, starts, use',
      permit,
      query: {
        ...SPAN_PARAMETERS,
        function_id: textParameter('of that function'),
        trigger: textParameter('of what that kind of thing started'),
        group_by: z.enum(GROUPINGS).default('none').describe('each of them apart'),
      },
      readsMuch: true,
      response: metricsSchema,
      answer: (request) => metrics(parts, request),
    },
    {
      method: 'GET',
      path: '/metrics/usage',
      summary: 'What the account used on each day, in the mode of the token',
      permit,
      ...usage,
      answer: async (request) => {
        await requireFewNumbers(parts, request);
        return await usagePage(parts, request, request.world);
      },
    },
    {
      method: 'GET',
      path: '/operator/usage',
      summary: 'What each account used on each day, live and test',
      ...operating('read'),
      ...usage,
      query: { ...USAGE_PARAMETERS, account_id: textParameter('of that account') },
      answer: (request) => {
        const accountId = readFilter(request.query, 'account_id');
        return usagePage(parts, request, accountId === null ? null : { accountId, mode: null });
      },
    },
  ];
}

async function metrics(parts: Parts, { world, query }: ApiRequest): Promise<z.input<typeof metricsSchema>> {
  const { from, to, step, stepMs, grain } = readSpan(query, parts.clock());
  const groupBy = readChoice(query, 'group_by', GROUPINGS) ?? 'none';
  await parts.recorder.flush();
  const answer = await readMetrics(parts.sql, world, {
    ...{ from, to, grain, stepMs, groupBy, mostRows: MOST_ROWS, mostPoints: MOST_POINTS },
    ...{ functionId: readFilter(query, 'function_id'), trigger: readFilter(query, 'trigger') },
  });
  if (answer.kind === 'too_many') {
    const message = `step: this would read more than ${MOST_ROWS} numbers, or show more than ${MOST_POINTS}`;
    fail('invalid_input', {
      message: `${message}: take longer steps, a shorter span or one function`,
      field: 'step',
    });
  }
  const data = answer.points.map((point) => pointView(point, groupBy));
  return { from: from.toISOString(), to: to.toISOString(), step, data };
}

/** The operator alone may ask for all that there is. */
async function requireFewNumbers({ sql, clock }: Parts, { world, query }: ApiRequest): Promise<void> {
  const asked = { ...readDays(query, clock()), grain: 'day', functionId: null, trigger: null } as const;
  if (!(await hasMoreNumbers(sql, world, asked, MOST_USAGE_ROWS))) return;
  const message = `from: this would read more than ${MOST_USAGE_ROWS} numbers: ask for fewer days`;
  fail('invalid_input', { message, field: 'from' });
}

type Owner = Parameters<typeof readUsage>[1];

async function usagePage(parts: Parts, { query }: ApiRequest, owner: Owner): Promise<unknown> {
  const days = readDays(query, parts.clock());
  const format = readChoice(query, 'format', FORMATS) ?? 'json';
  const { limit, after } = readPageQuery(query, isCursor);
  await parts.recorder.flush();
  const found = await readUsage(parts.sql, owner, { ...days, after: cursorOf(after), limit: limit + 1 });
  const page = pageOf(
    found,
    limit,
    ({ day, accountId, mode }) => `${day.toISOString().slice(0, 10)}~${accountId}~${mode}`,
    usageView,
  );
  if (format === 'json') return page;
  const next = page.next === null ? {} : { 'millrace-next': page.next };
  return new ApiReply(200, { 'content-type': 'text/csv; charset=utf-8', ...next }, usageCsv(page.data));
}

const CURSOR = /^(\d{4}-\d\d-\d\d)~([0-9A-Za-z]{1,40})~(live|test)$/;

function isCursor(text: string): boolean {
  const [, day = ''] = CURSOR.exec(text) ?? [];
  return !Number.isNaN(Date.parse(day));
}

function cursorOf(
  text: string | null,
): { day: Date; accountId: string; mode: (typeof MODES)[number] } | null {
  const [, day = '', accountId = '', mode] = CURSOR.exec(text ?? '') ?? [];
  const known = MODES.find((one) => one === mode);
  return known === undefined ? null : { day: new Date(day), accountId, mode: known };
}
