// What the screens of functions ask the server for. Called by them alone.
import { queryOptions } from '@tanstack/react-query';
import { read, readWithTag, type Schemas, withoutText } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';

export type HostedFunction = Schemas['Function'];
export type Files = Schemas['Code']['files'];
export type Trial = Schemas['Trial'];

/** The dialect whose functions are written here; code of the others is changed by their own APIs. */
export const OWN_DIALECT = 'millrace';

export function functionsQuery({ api, key }: Where, name: string) {
  return queryOptions({
    queryKey: [...key, 'functions', 'list', name],
    queryFn: () =>
      read(api.GET('/functions', { params: { query: { limit: 500, ...(name === '' ? {} : { name }) } } })),
  });
}

export function functionQuery({ api, key }: Where, id: string) {
  return queryOptions({
    queryKey: [...key, 'function', id],
    queryFn: () => readWithTag(api.GET('/functions/{id}', { params: { path: { id } } })),
    refetchInterval: 10_000,
  });
}

export function codeQuery({ api, key }: Where, id: string) {
  return queryOptions({
    queryKey: [...key, 'function', id, 'code'],
    refetchInterval: 15_000,
    queryFn: async () => {
      const { data, tag } = await readWithTag(api.GET('/functions/{id}/code', { params: { path: { id } } }));
      return { data: withoutText(data), tag };
    },
  });
}

const HEALTH_HOURS = 24;

/** By function: how many runs ended in the last day, how many of them badly, how long they took. */
export function healthQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'health'],
    refetchInterval: 15_000,
    queryFn: () => {
      const hourMs = 3_600_000;
      const fromMs = (Math.floor(Date.now() / hourMs) - HEALTH_HOURS + 1) * hourMs;
      const query = { from: new Date(fromMs).toISOString(), step: '1h', group_by: 'function' } as const;
      return read(api.GET('/metrics/runs', { params: { query } }));
    },
  });
}

export type Health = {
  total: number;
  bad: number;
  p95Ms: number | null;
  byHour: Map<string, [number, number]>;
};
export function healthOf(metrics: unknown): Map<string, Health> {
  const all = new Map<string, Health>();
  for (const point of (metrics as { data: Point[] }).data) {
    const id = point.function_id ?? '';
    const health = all.get(id) ?? { total: 0, bad: 0, p95Ms: null, byHour: new Map() };
    const { total, succeeded = 0, cancelled = 0 } = point.runs;
    const bad = total - succeeded - cancelled;
    health.total += total;
    health.bad += bad;
    health.p95Ms = Math.max(health.p95Ms ?? 0, point.duration_ms?.p95 ?? 0);
    health.byHour.set(point.at, [total, bad]);
    all.set(id, health);
  }
  return all;
}

type Point = {
  at: string;
  function_id?: string;
  runs: { total: number; succeeded?: number; cancelled?: number };
  duration_ms: { p95: number } | null;
};
