// Domains, portals and functions of sites. Called by the room of sites alone.
import { queryOptions } from '@tanstack/react-query';
import { read } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';

export function domainsQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'sites', 'domains'],
    retry: false,
    queryFn: async () => (await read(api.GET('/domains'))).data,
  });
}

export function portalsQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'sites', 'portals'],
    retry: false,
    queryFn: async () => (await read(api.GET('/portals'))).data,
  });
}

const DIALECT = 'hubspot';

/** Functions that came of folders of files. */
export function folderFunctionsQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'sites', 'functions'],
    queryFn: async () => {
      const { data } = await read(api.GET('/functions', { params: { query: { limit: 500 } } }));
      return data.filter(({ dialect }) => dialect === DIALECT);
    },
  });
}
