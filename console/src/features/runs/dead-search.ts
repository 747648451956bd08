// What the address of the dead letters says. Apart from their requests, since addresses are part of the first
// load. Pure. Called by the routes.
import type { DeadSearch } from './dead-letter-requests.ts';

export function readDeadSearch(search: Record<string, unknown>): DeadSearch {
  const { fn, state } = search;
  return {
    ...(typeof fn === 'string' && fn !== '' ? { fn } : {}),
    ...(state === 'redriven' || state === 'discarded' ? { state } : {}),
  };
}
