// Which month the page of usage shows, as its address says it. Pure. Called by the routes and the page.
export const MONTHS = ['this', 'last'] as const;
export type Month = (typeof MONTHS)[number];

export function readMonth(search: Record<string, unknown>): { month?: Month } {
  return search.month === 'last' ? { month: 'last' } : {};
}
