// What the screens of runs ask the server for. Called by them alone.
import { queryOptions } from '@tanstack/react-query';
import { Refusal, read, type Schemas, withoutText } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';
import type { RunFilter } from './run-search.ts';

export type Run = Schemas['Run'];
export type LogLine = Schemas['LogLine'];

const PAGE = 100;
const LIST_MS = 3_000;
const GOING_MS = 700;

export function isOver(run: Run): boolean {
  return run.status !== 'queued' && run.status !== 'running';
}

/** Newest first. Several statuses are asked for one by one: the API takes one. */
export function runsQuery({ api, key }: Where, filter: RunFilter, functionId: string | null) {
  return queryOptions({
    queryKey: [...key, 'runs', filter, functionId],
    refetchInterval: LIST_MS,
    queryFn: async () => {
      const since = filter.sinceMs === null ? null : new Date(Date.now() - filter.sinceMs).toISOString();
      const statuses = filter.statuses.length === 0 ? [undefined] : filter.statuses;
      const pages = await Promise.all(
        statuses.map((status) =>
          read(
            api.GET('/runs', {
              params: {
                query: {
                  limit: PAGE,
                  ...(status === undefined ? {} : { status }),
                  ...(functionId === null ? {} : { function_id: functionId }),
                  ...(filter.trigger === null ? {} : { trigger: filter.trigger }),
                  ...(since === null ? {} : { created_after: since }),
                },
              },
            }),
          ),
        ),
      );
      const runs = pages.flatMap((page) => page.data).sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
      const isAsked = (run: Run) => filter.errorType === null || run.error?.type === filter.errorType;
      return { runs: runs.filter(isAsked).slice(0, PAGE), hasMore: pages.some((page) => page.next !== null) };
    },
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

const MOST_LOG_PAGES = 20;

export function logQuery({ api, key }: Where, run: Run) {
  const { id } = run;
  return queryOptions({
    queryKey: [...key, 'run', id, 'log', run.status],
    refetchInterval: isOver(run) ? false : GOING_MS,
    queryFn: async () => {
      const lines: LogLine[] = [];
      let after: string | null = null;
      for (let page = 0; page < MOST_LOG_PAGES; page += 1) {
        const query: { limit: number; after?: string } = { limit: 500, ...(after === null ? {} : { after }) };
        const answer: { data: LogLine[]; next: string | null } = withoutText(
          await read(api.GET('/runs/{id}/logs', { params: { path: { id }, query } })),
        );
        lines.push(...answer.data);
        after = answer.next;
        if (after === null) break;
      }
      return { lines, hasMore: after !== null };
    },
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
