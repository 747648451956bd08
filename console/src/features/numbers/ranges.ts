// Ranges of numbers, and the step that each is shown in. Pure. Called by the page and by its address.
export const RANGES = {
  '1h': { spanMs: 3_600_000, step: '1m', stepMs: 60_000 },
  '24h': { spanMs: 86_400_000, step: '1h', stepMs: 3_600_000 },
  '7d': { spanMs: 604_800_000, step: '1h', stepMs: 3_600_000 },
  '30d': { spanMs: 2_592_000_000, step: '1d', stepMs: 86_400_000 },
} as const;
export type Range = keyof typeof RANGES;

export function readRange(search: Record<string, unknown>): { range?: Range } {
  const { range } = search;
  return typeof range === 'string' && range in RANGES ? { range: range as Range } : {};
}
