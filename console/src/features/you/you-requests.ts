// What the page of one's own sign-in asks the server for: of the person, not of an account. Called by it
// alone.
import { queryOptions } from '@tanstack/react-query';
import { millraceOf, read } from '../../api/millrace.ts';

export const passkeysQuery = queryOptions({
  queryKey: ['you', 'passkeys'],
  queryFn: () => read(millraceOf(null).GET('/session/passkeys')),
});

export const sessionsQuery = queryOptions({
  queryKey: ['you', 'sessions'],
  queryFn: () => read(millraceOf(null).GET('/sessions')),
});
