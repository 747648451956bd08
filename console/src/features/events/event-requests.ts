// What the screens of events ask the server for: events, their types, subscriptions, deliveries.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { read, type Schemas } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';
import type { DeliverySearch, EventSearch } from './event-search.ts';

export type Event = Schemas['Event'];
export type Subscription = Schemas['Subscription'];
export type Delivery = Schemas['Delivery'];

const PAGE = 50;
const EVERY_MS = 5_000;

export function eventsQuery({ api, key }: Where, { type, state }: EventSearch) {
  return infiniteQueryOptions({
    queryKey: [...key, 'events', 'list', type ?? '', state ?? ''],
    refetchInterval: EVERY_MS,
    maxPages: 20,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => {
      const isNotation = type !== undefined && !type.includes(':');
      const query = {
        limit: PAGE,
        ...(type === undefined ? {} : isNotation ? { notation: type } : { type }),
        ...(state === undefined ? {} : { state }),
        ...(pageParam === null ? {} : { after: pageParam }),
      };
      return read(api.GET('/events', { params: { query } }));
    },
    getNextPageParam: ({ next }) => next,
  });
}

export function eventQuery({ api, key }: Where, id: string) {
  return queryOptions({
    queryKey: [...key, 'events', 'one', id],
    refetchInterval: EVERY_MS,
    queryFn: () => read(api.GET('/events/{id}', { params: { path: { id } } })),
  });
}

export function eventTypesQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'events', 'types'],
    staleTime: 60_000,
    queryFn: async () => (await read(api.GET('/event-types'))).data,
  });
}

export function subscriptionsQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'events', 'subscriptions'],
    queryFn: async () => (await read(api.GET('/subscriptions', { params: { query: { limit: 500 } } }))).data,
  });
}

export function deliveriesQuery({ api, key }: Where, { subscription, status }: DeliverySearch) {
  return infiniteQueryOptions({
    queryKey: [...key, 'events', 'deliveries', subscription ?? '', status ?? ''],
    refetchInterval: EVERY_MS,
    maxPages: 20,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => {
      const query = {
        limit: PAGE,
        ...(subscription === undefined ? {} : { subscription_id: subscription }),
        ...(status === undefined ? {} : { status }),
        ...(pageParam === null ? {} : { after: pageParam }),
      };
      return read(api.GET('/deliveries', { params: { query } }));
    },
    getNextPageParam: ({ next }) => next,
  });
}
