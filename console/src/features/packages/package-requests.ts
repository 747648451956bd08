// What the screen of a function's packages asks the server for. Called by it alone.
import { queryOptions } from '@tanstack/react-query';
import { read, type Schemas, withoutText } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';

export type Build = Schemas['Build'];

const SHOWN = 10;
const GOING_MS = 1_000;

export function buildsQuery({ api, key }: Where, functionId: string) {
  return queryOptions({
    queryKey: [...key, 'function', functionId, 'builds'],
    refetchInterval: ({ state }) => (state.data?.data[0]?.status === 'building' ? GOING_MS : false),
    queryFn: () =>
      read(
        api.GET('/functions/{id}/builds', {
          params: { path: { id: functionId }, query: { limit: SHOWN } },
        }),
      ),
  });
}

/** All lines so far; asked for again while the build goes on. */
export function buildLogQuery({ api, key }: Where, build: Build) {
  return queryOptions({
    queryKey: [...key, 'build-log', build.id, build.status],
    refetchInterval: build.status === 'building' ? GOING_MS : false,
    queryFn: async () =>
      withoutText(
        await read(
          api.GET('/builds/{id}/logs', { params: { path: { id: build.id }, query: { limit: 500 } } }),
        ),
      ),
  });
}

/** null: every package is allowed. */
export function allowedQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'packages'],
    staleTime: 600_000,
    queryFn: () => read(api.GET('/packages')),
  });
}
