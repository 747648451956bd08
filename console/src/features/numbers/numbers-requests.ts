// Numbers of runs over a span, and when versions went live in it. Called by the screens of numbers alone.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { read } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';
import { type RangeSearch, spanOf } from './ranges.ts';

const EVERY_MS = 15_000;

/** @param functionId null: of the whole account */
export function numbersQuery({ api, key }: Where, functionId: string | null, search: RangeSearch) {
  return queryOptions({
    queryKey: [...key, 'numbers', functionId, search],
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const { from, to, step, stepMs } = spanOf(search, Date.now());
      const query = {
        ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString(), step },
        ...(functionId === null ? {} : { function_id: functionId }),
      };
      const { data } = await read(api.GET('/metrics/runs', { params: { query } }));
      return { from, to, stepMs, points: data };
    },
  });
}

export type Numbers = Awaited<ReturnType<NonNullable<ReturnType<typeof numbersQuery>['queryFn']> & object>>;
export type Deploy = { at: number; version: number };

export function deploysQuery({ api, key }: Where, functionId: string | null) {
  return queryOptions({
    queryKey: [...key, 'numbers', functionId, 'deploys'],
    enabled: functionId !== null,
    queryFn: async (): Promise<Deploy[]> => {
      const params = { path: { id: functionId ?? '' } };
      const { data } = await read(api.GET('/functions/{id}/versions', { params }));
      return data.map(({ number, created_at: at }) => ({ at: Date.parse(at), version: number }));
    },
  });
}
