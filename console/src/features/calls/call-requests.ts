// Whom functions have called on each day: pages of it, and all of it as a file. Called by their page alone.
import { infiniteQueryOptions } from '@tanstack/react-query';
import { read, withoutText } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';
import { CALL_DAYS, type CallSearch } from './call-search.ts';

const PAGE = 100;
const PAGE_OF_FILE = 500;
/** Of 500 entries each: what a spreadsheet opens with ease. */
const MOST_PAGES = 100;
const DAY_MS = 86_400_000;

function askedOf({ days = '7d', fn, verdict }: CallSearch) {
  return {
    from: new Date(Date.now() - (CALL_DAYS[days] - 1) * DAY_MS).toISOString().slice(0, 10),
    to: new Date().toISOString().slice(0, 10),
    ...(fn === undefined ? {} : { function_id: fn }),
    ...(verdict === undefined ? {} : { verdict }),
  };
}

export function callDaysQuery({ api, key }: Where, search: CallSearch) {
  return infiniteQueryOptions({
    queryKey: [...key, 'calls', search],
    retry: false,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }) => {
      const after = pageParam === null ? {} : { after: pageParam };
      const query = { ...askedOf(search), limit: PAGE, ...after };
      return withoutText(await read(api.GET('/egress/calls', { params: { query } })));
    },
    getNextPageParam: ({ next }) => next,
  });
}

/** As the API's own CSV, for a spreadsheet: all that the filter finds, up to 50,000 entries. */
export async function callsAsCsv({ account, mode }: Where, search: CallSearch): Promise<Blob> {
  const headers = { 'Millrace-Account': account, 'Millrace-Mode': mode };
  const parts: string[] = [];
  for (let after: string | null = ''; after !== null && parts.length < MOST_PAGES; ) {
    const query = new URLSearchParams({
      ...askedOf(search),
      ...{ format: 'csv', limit: String(PAGE_OF_FILE) },
      ...(after === '' ? {} : { after }),
    });
    const response = await fetch(`/millrace/v1/egress/calls?${query}`, { headers });
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    const text = await response.text();
    // Each page names its columns.
    parts.push(parts.length === 0 ? text : text.slice(text.indexOf('\n') + 1));
    after = response.headers.get('millrace-next');
  }
  return new Blob(parts, { type: 'text/csv' });
}
