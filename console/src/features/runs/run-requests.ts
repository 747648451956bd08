// What the screens of runs ask the server for. Called by them alone.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { Refusal, read, type Schemas, withoutText } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';
import { type RunFilter, runQueryOf, spanOf } from './run-search.ts';

export type Run = Schemas['Run'];
export type Calls = { data: Schemas['OutgoingCall'][] } & {
  unseen: 'switched_off' | 'not_watched' | null;
  left_out: number;
  incomplete: boolean;
};
export type LogLine = Schemas['LogLine'];

const PAGE = 100;
const LATER_PAGE = 500;
const GOING_MS = 700;
/** Calls of a run may follow within a second of its end, and later of what it has left behind. */
const CALLS_MS = 5_000;

export function isOver(run: Run): boolean {
  return run.status !== 'queued' && run.status !== 'running';
}

/** Newest first, page after page. They are kept as they came: what changes since comes by the stream. */
export function runPagesQuery({ api, key }: Where, filter: RunFilter, functionId: string | null) {
  return infiniteQueryOptions({
    queryKey: [...key, 'runs', filter, functionId],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => {
      const paging = pageParam === null ? { limit: PAGE } : { limit: LATER_PAGE, after: pageParam };
      return read(api.GET('/runs', { params: { query: { ...runQueryOf(filter, functionId), ...paging } } }));
    },
    getNextPageParam: ({ next }) => next,
  });
}

export async function firstRuns(
  { api }: Where,
  filter: RunFilter,
  functionId: string | null,
): Promise<Run[]> {
  const query = { ...runQueryOf(filter, functionId), limit: PAGE };
  return (await read(api.GET('/runs', { params: { query } }))).data;
}

/** Runs that have a text in their log or error, as far as the server has looked. */
export function foundRunsQuery({ api, key }: Where, filter: RunFilter, functionId: string | null) {
  return infiniteQueryOptions({
    queryKey: [...key, 'runs', 'text', filter, functionId],
    staleTime: Number.POSITIVE_INFINITY,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => {
      const { fromMs, toMs } = spanOf(filter, Date.now());
      const query = {
        ...{ text: filter.text, limit: PAGE },
        ...(functionId === null ? {} : { function_id: functionId }),
        ...(fromMs === null ? {} : { from: new Date(fromMs).toISOString() }),
        ...(toMs === null ? {} : { to: new Date(toMs).toISOString() }),
        ...(pageParam === null ? {} : { after: pageParam }),
      };
      return read(api.GET('/runs/search', { params: { query } }));
    },
    getNextPageParam: ({ next }) => next,
  });
}

export function runQuery({ api, key }: Where, id: string) {
  return queryOptions({
    queryKey: [...key, 'run', id],
    queryFn: () => read(api.GET('/runs/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state }) => (state.data !== undefined && isOver(state.data) ? false : GOING_MS),
  });
}

/** null: not kept, or not to be seen. */
export function inputQuery({ api, key }: Where, id: string) {
  return queryOptions({
    queryKey: [...key, 'run', id, 'input'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => orNothing(read(api.GET('/runs/{id}/input', { params: { path: { id } } }))),
  });
}

export function resultQuery({ api, key }: Where, run: Run) {
  return queryOptions({
    queryKey: [...key, 'run', run.id, 'result', run.status],
    queryFn: () => orNothing(read(api.GET('/runs/{id}/result', { params: { path: { id: run.id } } }))),
  });
}

export function callsQuery({ api, key }: Where, { id, status }: Run) {
  return queryOptions({
    queryKey: [...key, 'run', id, 'calls', status],
    refetchInterval: CALLS_MS,
    queryFn: async (): Promise<Calls> =>
      withoutText(await read(api.GET('/runs/{id}/calls', { params: { path: { id } } }))),
  });
}

export function functionNames({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'functions', 'names'],
    staleTime: 10_000,
    queryFn: () => read(api.GET('/functions', { params: { query: { limit: 500 } } })),
    select: ({ data }) => new Map(data.map((one) => [one.id, one.name])),
  });
}

export function codeOfVersion({ api, key }: Where, { function_id: id, version: number }: Run) {
  return queryOptions({
    queryKey: [...key, 'function', id, 'code', number],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const params = { path: { id, number: String(number) } };
      return withoutText(
        await orNothing(read(api.GET('/functions/{id}/versions/{number}/code', { params }))),
      );
    },
  });
}

async function orNothing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Refusal && (error.status === 404 || error.status === 403)) return null;
    throw error;
  }
}
