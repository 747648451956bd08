// What the screen of a function's triggers asks the server for. Called by it alone.
import { queryOptions } from '@tanstack/react-query';
import { every } from '../../api/every.ts';
import { type paths, read, type Schemas } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';

export type Trigger = Schemas['Trigger'];
export type EventType = Schemas['EventType'];
export type Kind = Trigger['kind'];
type Body = NonNullable<paths['/triggers']['post']['requestBody']>['content']['application/json'];
export type NewSettings = NonNullable<Body['settings']>;

export type ScheduleSettings = Extract<Trigger['settings'], { cron: string }>;
export type EventSettings = Extract<Trigger['settings'], { notations: string[] }>;
export type WebhookSettings = Extract<Trigger['settings'], { verification: unknown }>;
export type Scheme = NonNullable<WebhookSettings['verification']>['scheme'];
export type Overlap = ScheduleSettings['overlap'];
export type CatchUp = ScheduleSettings['catch_up']['policy'];

export const KINDS = every<Kind>()(['schedule', 'webhook', 'function_url', 'account_event']);

export function triggersQuery({ api, key }: Where, functionId: string) {
  return queryOptions({
    queryKey: [...key, 'triggers', functionId],
    refetchInterval: 10_000,
    queryFn: () => read(api.GET('/triggers', { params: { query: { function_id: functionId, limit: 500 } } })),
  });
}

export function nextRunsQuery({ api, key }: Where, cron: string, zone: string) {
  return queryOptions({
    queryKey: [...key, 'next-runs', cron, zone],
    retry: false,
    staleTime: 60_000,
    queryFn: () => read(api.POST('/schedules/validate', { body: { cron, time_zone: zone, count: 5 } })),
  });
}

export function eventTypesQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'event-types'],
    staleTime: 60_000,
    queryFn: () => read(api.GET('/event-types')),
  });
}
