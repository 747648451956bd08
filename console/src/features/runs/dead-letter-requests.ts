// The list of dead letters, as its address and the API have it. Called by dead-letters-page.tsx and the
// routes.
import { infiniteQueryOptions } from '@tanstack/react-query';
import { read } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';

export const LETTER_STATES = ['open', 'redriven', 'discarded'] as const;
export type DeadSearch = { fn?: string; state?: (typeof LETTER_STATES)[number] };

const PAGE = 100;

export function deadLettersQuery({ api, key }: Where, { fn, state }: DeadSearch) {
  return infiniteQueryOptions({
    queryKey: [...key, 'dead-letters', fn ?? '', state ?? 'open'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => {
      const query = {
        ...{ limit: PAGE, state: state ?? 'open' },
        ...(fn === undefined ? {} : { function_id: fn }),
        ...(pageParam === null ? {} : { after: pageParam }),
      };
      return read(api.GET('/dead-letters', { params: { query } }));
    },
    getNextPageParam: ({ next }) => next,
  });
}
