// What the room of schedules asks the server for: schedules with their next runs, and a preview. Called by
// its page alone.
import { queryOptions } from '@tanstack/react-query';
import { read, type Schemas } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';

export type Schedule = Schemas['Trigger'] & { settings: { cron: string; time_zone?: string } };
export type Tick = { at: string; local: string; clock_change: 'skipped' | 'repeated' | null };
export type Planned = { schedule: Schedule; functionName: string; ticks: Tick[] };

const DAY_MS = 86_400_000;
/** Of one schedule: one of each minute has more, and is drawn as a bar. */
const MOST_TICKS = 100;
const MOST_SCHEDULES = 100;
const EVERY_MS = 60_000;

export function plannedQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'schedules'],
    refetchInterval: EVERY_MS,
    queryFn: async (): Promise<Planned[]> => {
      const [{ data }, functions] = await Promise.all([
        read(api.GET('/triggers', { params: { query: { kind: 'schedule', limit: MOST_SCHEDULES } } })),
        read(api.GET('/functions', { params: { query: { limit: 500 } } })),
      ]);
      const names = new Map(functions.data.map((one) => [one.id, one.name]));
      return await Promise.all(
        (data as Schedule[]).map(async (schedule) => ({
          schedule,
          functionName: names.get(schedule.function_id) ?? schedule.function_id,
          ticks: await ticksOf({ api }, schedule),
        })),
      );
    },
  });
}

async function ticksOf(
  { api }: Pick<Where, 'api'>,
  { id, enabled, paused_at: paused }: Schedule,
): Promise<Tick[]> {
  if (!enabled || paused !== null) return [];
  const params = { path: { id }, query: { count: MOST_TICKS } };
  const { next_runs: next } = await read(api.GET('/triggers/{id}/next-runs', { params }));
  return next.filter(({ at }) => Date.parse(at) < Date.now() + DAY_MS);
}

export function previewQuery({ api, key }: Where, cron: string, zone: string) {
  return queryOptions({
    queryKey: [...key, 'schedules', 'preview', cron, zone],
    enabled: cron.trim() !== '',
    retry: false,
    queryFn: () => read(api.POST('/schedules/validate', { body: { cron, time_zone: zone, count: 10 } })),
  });
}
