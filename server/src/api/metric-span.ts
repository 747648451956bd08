// Over which span numbers are asked for, and in which steps: `?from=&to=&step=`. Bounded before anything is
// read: so many steps, on their bounds. Pure. Called by the endpoints of numbers.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import type { Grain } from '../metrics/fold-store.ts';
import { readChoice, readFilter } from './query-filter.ts';
import type { QueryParameters } from './query-parameters.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const STEPS = ['1m', '5m', '15m', '1h', '6h', '1d', 'all'] as const;
type Step = (typeof STEPS)[number];
const STEP_MS: Record<Exclude<Step, 'all'>, number> = {
  '1m': MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '1h': HOUR_MS,
  '6h': 6 * HOUR_MS,
  '1d': DAY_MS,
};
const GRAIN_MS: Record<Grain, number> = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS };

const MOST_STEPS = 1_500;
/** Of minutes, where a span is asked for in one step that begins or ends within an hour. */
const MOST_MINUTES = 2 * 24 * 60;
const USUAL_STEPS = 60;

export type Span = { from: Date; to: Date; step: Step; stepMs: number; grain: Grain };

export const SPAN_PARAMETERS: QueryParameters = {
  from: z.iso.datetime({ offset: true }).describe('begins here; rounded down to a step'),
  to: z.iso.datetime({ offset: true }).describe('ends before this; rounded up to a step. Usually now'),
  step: z.enum(STEPS).default('1m').describe('`all`: the whole span in one'),
};

/** @throws Failure `invalid_input` naming the parameter */
export function readSpan(query: Record<string, unknown>, nowMs: number): Span {
  const step = readChoice(query, 'step', STEPS) ?? '1m';
  const to = readTime(query, 'to') ?? nowMs;
  const unit = step === 'all' ? MINUTE_MS : STEP_MS[step];
  const from = readTime(query, 'from') ?? to - USUAL_STEPS * unit;
  if (from >= to) refuse('from', 'must be earlier than `to`');
  const start = Math.floor(from / unit) * unit;
  const end = Math.ceil(to / unit) * unit;
  if (step !== 'all' && (end - start) / unit > MOST_STEPS) {
    refuse('step', `the span has more than ${MOST_STEPS} steps: take longer ones`);
  }
  const grain = step === 'all' ? coarsest(start, end) : grainOf(unit);
  if (step === 'all' && grain === 'minute' && (end - start) / MINUTE_MS > MOST_MINUTES) {
    refuse('from', `a span of more than ${MOST_MINUTES} minutes must begin and end on an hour`);
  }
  return {
    from: new Date(start),
    to: new Date(end),
    step,
    stepMs: step === 'all' ? end - start : unit,
    grain,
  };
}

function grainOf(unit: number): Grain {
  if (unit >= DAY_MS) return 'day';
  return unit >= HOUR_MS ? 'hour' : 'minute';
}

function coarsest(start: number, end: number): Grain {
  const fits = (grain: Grain): boolean => start % GRAIN_MS[grain] === 0 && end % GRAIN_MS[grain] === 0;
  if (fits('day')) return 'day';
  return fits('hour') ? 'hour' : 'minute';
}

/** A span of any length. @throws Failure `invalid_input` naming the parameter */
export function readTimes(
  query: Record<string, unknown>,
  { nowMs, usualMs }: { nowMs: number; usualMs: number },
): { fromMs: number; toMs: number } {
  const toMs = readTime(query, 'to') ?? nowMs + 1;
  const fromMs = readTime(query, 'from') ?? toMs - usualMs;
  if (fromMs >= toMs) refuse('from', 'must be earlier than `to`');
  return { fromMs, toMs };
}

function readTime(query: Record<string, unknown>, name: string): number | null {
  const text = readFilter(query, name);
  if (text === null) return null;
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/.test(text);
  const at = isTime ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? refuse(name, 'must be a time such as 2026-11-17T08:00:00Z') : at;
}

const MOST_DAYS = 400;

/** Whole days, as text such as 2026-11-17. */
export const DAY_PARAMETERS: QueryParameters = {
  from: z.iso.date().describe('the first day, in UTC; usually the first of this month'),
  to: z.iso.date().describe('the last day; usually today'),
};

/** `to`: the first moment behind them. @throws Failure `invalid_input` naming the parameter */
export function readDays(query: Record<string, unknown>, nowMs: number): { from: Date; to: Date } {
  const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const last = readDay(query, 'to') ?? today;
  const from = readDay(query, 'from') ?? Date.parse(`${new Date(last).toISOString().slice(0, 7)}-01`);
  if (from > last) refuse('from', 'must not be later than `to`');
  if ((last - from) / DAY_MS >= MOST_DAYS) refuse('from', `at most ${MOST_DAYS} days may be asked for`);
  return { from: new Date(from), to: new Date(last + DAY_MS) };
}

function readDay(query: Record<string, unknown>, name: string): number | null {
  const text = readFilter(query, name);
  if (text === null) return null;
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? refuse(name, 'must be a day such as 2026-11-17') : at;
}

function refuse(field: string, rule: string): never {
  return fail('invalid_input', { message: `${field}: ${rule}`, field });
}
