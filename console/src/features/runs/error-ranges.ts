// Spans in which errors are shown, in hours. Pure. Called by the pages of errors and by their addresses.
export const ERROR_RANGES = { '24h': 24, '7d': 168, '30d': 720 } as const;
export type ErrorRange = keyof typeof ERROR_RANGES;
export type ErrorSearch = { range?: ErrorRange; fn?: string };

export function readErrorSearch(search: Record<string, unknown>): ErrorSearch {
  const { range, fn } = search;
  return {
    ...(typeof range === 'string' && range in ERROR_RANGES ? { range: range as ErrorRange } : {}),
    ...(typeof fn === 'string' && fn !== '' ? { fn } : {}),
  };
}
