// What the overview asks the server for: the last day in hours, by function, and the latest runs.
import { queryOptions } from '@tanstack/react-query';
import { read } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';

const HOURS = 24;
const HOUR_MS = 3_600_000;
const LATEST = 10;
const EVERY_MS = 10_000;

export type Hour = { at: number; total: number; bad: number };
export type Trouble = { functionId: string; bad: number; total: number };
export type Day = { hours: Hour[]; troubles: Trouble[]; total: number; bad: number };

export function dayQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'overview', 'day'],
    refetchInterval: EVERY_MS,
    queryFn: async (): Promise<Day> => {
      const first = (Math.floor(Date.now() / HOUR_MS) - HOURS + 1) * HOUR_MS;
      const query = { from: new Date(first).toISOString(), step: '1h', group_by: 'function' } as const;
      const { data } = await read(api.GET('/metrics/runs', { params: { query } }));
      const hours = Array.from({ length: HOURS }, (_, hour) => ({
        at: first + hour * HOUR_MS,
        total: 0,
        bad: 0,
      }));
      const byFunction = new Map<string, Trouble>();
      for (const point of data) {
        const {
          total,
          succeeded = 0,
          cancelled = 0,
        } = point.runs as Record<string, number> & { total: number };
        const bad = total - succeeded - cancelled;
        const hour = hours[(Date.parse(point.at) - first) / HOUR_MS];
        if (hour !== undefined) {
          hour.total += total;
          hour.bad += bad;
        }
        const functionId = point.function_id ?? '';
        const sum = byFunction.get(functionId) ?? { functionId, bad: 0, total: 0 };
        byFunction.set(functionId, { functionId, bad: sum.bad + bad, total: sum.total + total });
      }
      const all = [...byFunction.values()];
      return {
        hours,
        troubles: all.filter((one) => one.bad > 0).sort((a, b) => b.bad - a.bad),
        total: all.reduce((sum, one) => sum + one.total, 0),
        bad: all.reduce((sum, one) => sum + one.bad, 0),
      };
    },
  });
}

export function latestQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'overview', 'latest'],
    refetchInterval: EVERY_MS,
    queryFn: () => read(api.GET('/runs', { params: { query: { limit: LATEST } } })),
  });
}

export function namesQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'overview', 'functions'],
    refetchInterval: EVERY_MS,
    queryFn: () => read(api.GET('/functions', { params: { query: { limit: 500 } } })),
  });
}
