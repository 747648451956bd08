// What the pages before a session ask the server for. Called by them alone.
import { queryOptions } from '@tanstack/react-query';
import { millraceOf, read } from '../../api/millrace.ts';

/** In which ways people can sign in at this installation. */
export const waysQuery = queryOptions({
  queryKey: ['sign-in-ways'],
  staleTime: 60_000,
  queryFn: () => read(millraceOf(null).GET('/session/ways')),
});
