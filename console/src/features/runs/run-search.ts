// What the filter of a list of runs says, typed as `status:failed fn:import since:2h`, and as the API asks
// for it. Pure. Called by the lists, and by their addresses.
export const RUN_STATUSES = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'timed_out',
  'out_of_memory',
  'crashed',
  'cancelled',
  'dead',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Of the address. */
export type RunSearch = { q?: string };

export type RunFilter = {
  statuses: RunStatus[];
  /** Name or id. */
  fn: string | null;
  trigger: string | null;
  errorType: string | null;
  sinceMs: number | null;
  /** What is no filter that we know. */
  unknown: string[];
};

/** All that say that something went wrong. */
export const BAD_STATUSES: readonly RunStatus[] = ['failed', 'timed_out', 'out_of_memory', 'crashed', 'dead'];

const UNITS_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function readRunSearch(search: Record<string, unknown>): RunSearch {
  return typeof search.q === 'string' && search.q !== '' ? { q: search.q.slice(0, 500) } : {};
}

export function filterOf(typed: string): RunFilter {
  const filter: RunFilter = {
    ...{ statuses: [], fn: null, trigger: null, errorType: null, sinceMs: null, unknown: [] },
  };
  for (const word of typed.split(/\s+/).filter((one) => one !== '')) take(filter, word);
  return filter;
}

function take(filter: RunFilter, word: string): void {
  const [, name = '', value = ''] = /^([a-z]+):(.+)$/.exec(word) ?? [];
  const statuses = statusesOf(value);
  const sinceMs = msOf(value);
  if (name === 'status' && statuses.length > 0) filter.statuses.push(...statuses);
  else if (name === 'fn') filter.fn = value;
  else if (name === 'trigger') filter.trigger = value;
  else if (name === 'error') filter.errorType = value;
  else if (name === 'since' && sinceMs !== null) filter.sinceMs = sinceMs;
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
  const others = typed.split(/\s+/).filter((word) => word !== '' && !word.startsWith(`${name}:`));
  return [...others, ...(value === null ? [] : [`${name}:${value}`])].join(' ');
}
