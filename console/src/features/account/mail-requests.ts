// Mail servers of the account. Called by the account's settings alone.
import { queryOptions } from '@tanstack/react-query';
import { read } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';

export function mailProfilesQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'mail-profiles'],
    retry: false,
    queryFn: async () => (await read(api.GET('/smtp_profiles', { params: { query: { limit: 100 } } }))).data,
  });
}
