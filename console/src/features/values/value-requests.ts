// What the room of values asks the server for: values that functions see by name, and key values that they
// read and write. Called by its page alone.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { read, type Schemas } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';

export type Value = Schemas['FunctionValue'];
export type KeyValueEntry = Schemas['KeyValueEntry'];

const PAGE = 100;

export function valuesQuery({ api, key }: Where) {
  return queryOptions({
    queryKey: [...key, 'values', 'function'],
    retry: false,
    queryFn: async () => (await read(api.GET('/function-values'))).data,
  });
}

export function keyValuesQuery({ api, key }: Where) {
  return infiniteQueryOptions({
    queryKey: [...key, 'values', 'key'],
    retry: false,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam === null ? {} : { after: pageParam }) };
      return read(api.GET('/key-values', { params: { query } }));
    },
    getNextPageParam: ({ next }) => next,
  });
}

/** With its text, which lists leave out. */
export function keyValueQuery({ api, key }: Where, name: string) {
  return queryOptions({
    queryKey: [...key, 'values', 'key', 'one', name],
    staleTime: 0,
    queryFn: () => read(api.GET('/key-values/{key}', { params: { path: { key: name } } })),
  });
}
