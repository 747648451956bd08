// Ranges of numbers, and the step that each is shown in. Pure. Called by the pages and by their addresses.
export const RANGES = {
  '1h': { spanMs: 3_600_000, step: '1m', stepMs: 60_000 },
  '24h': { spanMs: 86_400_000, step: '1h', stepMs: 3_600_000 },
  '7d': { spanMs: 604_800_000, step: '1h', stepMs: 3_600_000 },
  '30d': { spanMs: 2_592_000_000, step: '1d', stepMs: 86_400_000 },
} as const;
export type Range = keyof typeof RANGES;

/** Either a range that ends now, or from and to, in Unix seconds. */
export type RangeSearch = { range?: Range; from?: number; to?: number };
export type Step = { step: '1m' | '5m' | '15m' | '1h' | '6h' | '1d'; stepMs: number };

const STEPS: readonly Step[] = [
  { step: '1m', stepMs: 60_000 },
  { step: '5m', stepMs: 300_000 },
  { step: '15m', stepMs: 900_000 },
  { step: '1h', stepMs: 3_600_000 },
  { step: '6h', stepMs: 21_600_000 },
  { step: '1d', stepMs: 86_400_000 },
];
const MOST_STEPS = 200;

export function readRange(search: Record<string, unknown>): RangeSearch {
  const { range, from, to } = search;
  if (Number.isInteger(from) && Number.isInteger(to) && Number(from) < Number(to))
    return { from: Number(from), to: Number(to) };
  return typeof range === 'string' && range in RANGES ? { range: range as Range } : {};
}

/** What an address means now: whole steps, the one that goes on included. Ms. */
export function spanOf({ range = '24h', from, to }: RangeSearch, nowMs: number) {
  if (from === undefined || to === undefined) {
    const { spanMs, step, stepMs } = RANGES[range];
    const end = (Math.floor(nowMs / stepMs) + 1) * stepMs;
    return { from: end - spanMs, to: end, step, stepMs };
  }
  const spanMs = (to - from) * 1_000;
  const { step, stepMs } = STEPS.find((one) => spanMs / one.stepMs <= MOST_STEPS) ?? (STEPS[5] as Step);
  const whole = (ms: number) => ms * stepMs;
  return {
    from: whole(Math.floor((from * 1_000) / stepMs)),
    to: whole(Math.ceil((to * 1_000) / stepMs)),
    step,
    stepMs,
  };
}
