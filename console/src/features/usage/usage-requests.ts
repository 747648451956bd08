// Usage by day and the limits of the account. Called by their page alone.
import { queryOptions } from '@tanstack/react-query';
import { read, type Schemas, withoutText } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';
import type { Month } from './usage-search.ts';

export type Limits = Schemas['AccountLimits'];

/** First and last day of a month; the last is never after today. */
export function daysOf(month: Month): { from: string; to: string } {
  const now = new Date();
  const back = month === 'last' ? 1 : 0;
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1));
  const last = back === 0 ? now : new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 0));
  return { from: first.toISOString().slice(0, 10), to: last.toISOString().slice(0, 10) };
}

export function usageQuery({ api, key }: Where, month: Month) {
  return queryOptions({
    queryKey: [...key, 'usage', month],
    retry: false,
    queryFn: async () => {
      const query = { ...daysOf(month), limit: 100 };
      return withoutText(await read(api.GET('/metrics/usage', { params: { query } }))).data;
    },
  });
}

/** As the API's own CSV, for a spreadsheet. */
export async function usageAsCsv({ account, mode }: Where, month: Month): Promise<Blob> {
  const query = new URLSearchParams({ ...daysOf(month), format: 'csv' });
  const headers = { 'Millrace-Account': account, 'Millrace-Mode': mode };
  const response = await fetch(`/millrace/v1/metrics/usage?${query}`, { headers });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return await response.blob();
}

export function limitsQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'limits'],
    retry: false,
    queryFn: () => read(api.GET('/account/limits')),
  });
}

export function nowQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'limits', 'now'],
    refetchInterval: 10_000,
    retry: false,
    queryFn: async () => {
      const from = new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString();
      const { data } = await read(api.GET('/metrics/runs', { params: { query: { from, step: '1m' } } }));
      const [minute] = data;
      return { runs: minute?.runs.total ?? 0, seconds: minute?.execution_seconds ?? 0 };
    },
  });
}
