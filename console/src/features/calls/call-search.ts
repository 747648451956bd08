// Which outgoing calls the account's page shows, as its address says it. Pure. Called by the routes and the
// page.
export const CALL_DAYS = { '7d': 7, '30d': 30 } as const;
export type CallDays = keyof typeof CALL_DAYS;
export type CallSearch = { days?: CallDays; fn?: string; verdict?: 'allowed' | 'refused' };

export function readCallSearch(search: Record<string, unknown>): CallSearch {
  const { days, fn, verdict } = search;
  return {
    ...(days === '30d' ? { days } : {}),
    ...(typeof fn === 'string' && fn !== '' ? { fn } : {}),
    ...(verdict === 'allowed' || verdict === 'refused' ? { verdict } : {}),
  };
}
