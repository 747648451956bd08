// What the operator's rooms ask the server for: accounts, the platform's state. They belong to both modes,
// and are asked for as of live. Called by those rooms alone.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { millraceOf, read, type Schemas } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';
import type { AccountSearch } from './account-search.ts';

export type ShortAccount = Schemas['ShortAccount'];
export type Account = Schemas['AccountWithUse'];

const PAGE = 100;
const EVERY_MS = 10_000;

export const operatorApi = ({ account }: Where) => millraceOf({ account, mode: 'live' });
export const operatorKey = ({ account }: Where) => [account, 'operator'] as const;

export function accountsQuery(where: Where, { q, status }: AccountSearch) {
  return infiniteQueryOptions({
    queryKey: [...operatorKey(where), 'accounts', q ?? '', status ?? ''],
    retry: false,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => {
      const query = {
        limit: PAGE,
        ...(q === undefined ? {} : { q }),
        ...(status === undefined ? {} : { status }),
        ...(pageParam === null ? {} : { after: pageParam }),
      };
      return read(operatorApi(where).GET('/operator/accounts', { params: { query } }));
    },
    getNextPageParam: ({ next }) => next,
  });
}

export function accountQuery(where: Where, id: string) {
  return queryOptions({
    queryKey: [...operatorKey(where), 'account', id],
    retry: false,
    queryFn: () => read(operatorApi(where).GET('/operator/accounts/{id}', { params: { path: { id } } })),
  });
}

export function platformQuery(where: Where) {
  return queryOptions({
    queryKey: [...operatorKey(where), 'platform'],
    refetchInterval: EVERY_MS,
    retry: false,
    queryFn: async () => {
      const api = operatorApi(where);
      const [platform, runtimes, keys, deletions] = await Promise.all([
        read(api.GET('/platform')),
        read(api.GET('/runtimes')),
        read(api.GET('/operator/keys')),
        read(api.GET('/operator/deletions', { params: { query: { limit: 20 } } })),
      ]);
      return { platform, runtimes: runtimes.data, keys, deletions: deletions.data };
    },
  });
}
