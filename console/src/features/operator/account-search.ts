// What the address of the list of accounts says. Pure. Called by the routes and the list.
export const ACCOUNT_STATUSES = ['active', 'suspended', 'closed'] as const;
export type AccountSearch = { q?: string; status?: (typeof ACCOUNT_STATUSES)[number] };

export function readAccountSearch(search: Record<string, unknown>): AccountSearch {
  const status = ACCOUNT_STATUSES.find((one) => one === search.status);
  const { q } = search;
  return {
    ...(typeof q === 'string' && q !== '' ? { q: q.slice(0, 100) } : {}),
    ...(status === undefined ? {} : { status }),
  };
}
