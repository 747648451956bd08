// What the filter of a list of runs says, typed as `status:failed fn:import since:2h refused`, and as the API
// asks for it. `trace:` and `request:` find what belongs together. Words without a name are a text that is
// looked for in logs and errors. Pure. Called by the lists, and by their addresses.
import { every } from '../../api/every.ts';
import type { Schemas } from '../../api/millrace.ts';

export type RunStatus = Schemas['Run']['status'];
export const RUN_STATUSES = every<RunStatus>()([
  'queued',
  'running',
  'succeeded',
  'failed',
  'timed_out',
  'out_of_memory',
  'crashed',
  'cancelled',
  'dead',
]);

/** Of the address. */
export type RunSearch = { q?: string };

export type RunFilter = {
  statuses: RunStatus[];
  /** Name or id. */
  fn: string | null;
  trigger: string | null;
  errorType: string | null;
  traceId: string | null;
  /** The `X-Request-Id` of the request that caused runs. */
  requestId: string | null;
  sinceMs: number | null;
  /** Times as they were typed. */
  from: string | null;
  to: string | null;
  text: string;
  /** What is no filter that we know. */
  unknown: string[];
};

/** All that say that something went wrong. */
export const BAD_STATUSES: readonly RunStatus[] = ['failed', 'timed_out', 'out_of_memory', 'crashed', 'dead'];
export const GOING_STATUSES: readonly RunStatus[] = ['queued', 'running'];

const UNITS_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const TRACE = /^[0-9a-f]{32}$/;
/** Characters, as the API takes them. */
const MOST_OF_REQUEST = 128;
const WORDS = /[a-z]+:"[^"]*"|\S+/g;

export function readRunSearch(search: Record<string, unknown>): RunSearch {
  return typeof search.q === 'string' && search.q !== '' ? { q: search.q.slice(0, 500) } : {};
}

export function filterOf(typed: string): RunFilter {
  const filter: RunFilter = {
    ...{ statuses: [], fn: null, trigger: null, errorType: null, sinceMs: null, from: null, to: null },
    ...{ traceId: null, requestId: null, text: '', unknown: [] },
  };
  for (const word of typed.match(WORDS) ?? []) take(filter, word);
  // What is found by a text doesn't say which request has caused it.
  if (filter.text !== '' && filter.requestId !== null) filter.unknown.push(`request:${filter.requestId}`);
  return filter;
}

function take(filter: RunFilter, word: string): void {
  const [, name = '', quoted = ''] = /^([a-z]+):(.+)$/.exec(word) ?? [];
  const value = quoted.replace(/^"(.*)"$/, '$1');
  const statuses = statusesOf(value);
  const sinceMs = msOf(value);
  if (name === 'status' && statuses.length > 0) filter.statuses.push(...statuses);
  else if (name === 'fn') filter.fn = value;
  else if (name === 'trigger') filter.trigger = value;
  else if (name === 'error') filter.errorType = value;
  else if (name === 'trace' && TRACE.test(value)) filter.traceId = value;
  else if (name === 'request' && value.length <= MOST_OF_REQUEST) filter.requestId = value;
  else if (name === 'since' && sinceMs !== null) filter.sinceMs = sinceMs;
  else if ((name === 'from' || name === 'to') && !Number.isNaN(Date.parse(value))) filter[name] = value;
  else if (name === 'text' || name === '') filter.text = `${filter.text} ${value || word}`.trim();
  else filter.unknown.push(word);
}

function statusesOf(value: string): readonly RunStatus[] {
  if (value === 'bad') return BAD_STATUSES;
  return value.split(',').flatMap((one) => RUN_STATUSES.find((status) => status === one) ?? []);
}

function msOf(value: string): number | null {
  const [, number = '', unit = ''] = /^(\d{1,4})([smhd])$/.exec(value) ?? [];
  return number === '' ? null : Number(number) * (UNITS_MS[unit] ?? 0);
}

/** The same typed text with one filter set, or taken away. */
export function withFilter(typed: string, name: string, value: string | null): string {
  const others = (typed.match(WORDS) ?? []).filter((word) => !word.startsWith(`${name}:`));
  return [...others, ...(value === null ? [] : [`${name}:${value}`])].join(' ');
}

/** The span that a filter means, in ms; null: without that bound. */
export function spanOf({ sinceMs, from, to }: RunFilter, nowMs: number) {
  const since = sinceMs === null ? null : nowMs - sinceMs;
  return { fromMs: from === null ? since : Date.parse(from), toMs: to === null ? null : Date.parse(to) };
}

/** The names that the API has for it, for lists. */
export function runQueryOf(filter: RunFilter, functionId: string | null) {
  const { statuses, trigger, traceId, requestId } = filter;
  const { fromMs, toMs } = spanOf(filter, Date.now());
  return {
    ...(statuses.length === 0 ? {} : { status: [...new Set(statuses)].join(',') }),
    ...(functionId === null ? {} : { function_id: functionId }),
    ...(trigger === null ? {} : { trigger }),
    ...(traceId === null ? {} : { trace_id: traceId }),
    ...(requestId === null ? {} : { request_id: requestId }),
    ...(fromMs === null ? {} : { created_after: new Date(fromMs).toISOString() }),
    ...(toMs === null ? {} : { created_before: new Date(toMs).toISOString() }),
  };
}

/** The same for what is replayed or redriven as a whole: without a trace, which lists alone know. */
export function selectionOf(filter: RunFilter, functionId: string | null) {
  const { status: _, trace_id: _trace, request_id: _request, ...others } = runQueryOf(filter, functionId);
  return {
    ...others,
    ...(filter.statuses.length === 0 ? {} : { status: [...new Set(filter.statuses)] }),
    ...(filter.errorType === null ? {} : { error_type: filter.errorType }),
  };
}
