// Groups of errors over a span, and one of them. Called by their pages.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { read } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';
import { ERROR_RANGES, type ErrorRange } from './error-ranges.ts';

const HOUR_MS = 3_600_000;
const EVERY_MS = 10_000;
const PAGE = 100;

export type ErrorGroup = Awaited<ReturnType<ReturnType<typeof errorGroupsQuery>['queryFn'] & object>>[number];

/** Whole hours, the one that goes on included. */
function spanOfRange(range: ErrorRange): { from: string; to: string } {
  const to = (Math.floor(Date.now() / HOUR_MS) + 1) * HOUR_MS;
  const from = to - ERROR_RANGES[range] * HOUR_MS;
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

export function errorGroupsQuery({ api, key }: Where, range: ErrorRange, functionId: string | null) {
  return queryOptions({
    queryKey: [...key, 'errors', range, functionId],
    refetchInterval: EVERY_MS,
    queryFn: async () => {
      const query = { ...spanOfRange(range), ...(functionId === null ? {} : { function_id: functionId }) };
      return (await read(api.GET('/errors', { params: { query } }))).data;
    },
  });
}

export function errorGroupQuery({ api, key }: Where, id: string, range: ErrorRange) {
  return queryOptions({
    queryKey: [...key, 'errors', 'one', id, range],
    refetchInterval: EVERY_MS,
    queryFn: async () => {
      const span = spanOfRange(range);
      const group = await read(api.GET('/errors/{id}', { params: { path: { id }, query: span } }));
      return { ...group, span };
    },
  });
}

export function groupRunsQuery({ api, key }: Where, id: string) {
  return infiniteQueryOptions({
    queryKey: [...key, 'errors', 'runs', id],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam === null ? {} : { after: pageParam }) };
      return read(api.GET('/errors/{id}/runs', { params: { path: { id }, query } }));
    },
    getNextPageParam: ({ next }) => next,
  });
}
