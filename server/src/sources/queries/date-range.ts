// From when to when a query looks, in a time zone: days begin when the zone's clocks show midnight, weeks on
// Monday. Pure.
import { type ZoneOffsets, zoneOffsets } from '../../cron/zone-offsets.ts';
import type { DateRange } from './query.ts';

/** From `fromMs` on, before `toMs`; Unix times. */
export type Span = { fromMs: number; toMs: number };

const DAY_MS = 86_400_000;

/** @param atMs when it is asked; null: `all_time` has no bounds */
export function spanOf(range: DateRange, timeZone: string, atMs: number): Span | null {
  const zone = zoneOffsets(timeZone);
  if ('from' in range) {
    const [from, to] = [Date.parse(range.from), Date.parse(range.to)];
    return { fromMs: instantOf(zone, from), toMs: instantOf(zone, to + DAY_MS) };
  }
  if (range.preset === 'all_time') return null;
  if (range.preset === 'last_24_hours') return { fromMs: atMs - DAY_MS, toMs: atMs };
  const wallMs = atMs + zone.offsetAt(atMs);
  const [from, to] = wallSpan(range.preset, Math.floor(wallMs / DAY_MS) * DAY_MS);
  return { fromMs: instantOf(zone, from), toMs: instantOf(zone, to) };
}

type DayPreset = Exclude<Extract<DateRange, { preset: string }>['preset'], 'all_time' | 'last_24_hours'>;

/** On the wall: as if its clocks were UTC's. @param today its midnight */
function wallSpan(preset: DayPreset, today: number): [number, number] {
  const day = new Date(today);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  const tomorrow = today + DAY_MS;
  const monday = today - ((day.getUTCDay() + 6) % 7) * DAY_MS;
  switch (preset) {
    case 'today':
      return [today, tomorrow];
    case 'yesterday':
      return [today - DAY_MS, today];
    case 'this_week':
      return [monday, monday + 7 * DAY_MS];
    case 'last_week':
      return [monday - 7 * DAY_MS, monday];
    case 'last_7_days':
      return [tomorrow - 7 * DAY_MS, tomorrow];
    case 'last_30_days':
      return [tomorrow - 30 * DAY_MS, tomorrow];
    case 'last_90_days':
      return [tomorrow - 90 * DAY_MS, tomorrow];
    case 'this_month':
      return [Date.UTC(year, month), Date.UTC(year, month + 1)];
    case 'last_month':
      return [Date.UTC(year, month - 1), Date.UTC(year, month)];
    case 'this_year':
      return [Date.UTC(year, 0), Date.UTC(year + 1, 0)];
    case 'last_year':
      return [Date.UTC(year - 1, 0), Date.UTC(year, 0)];
  }
}

/**
 * The first instant at which the zone's clocks show a time or a later one: a midnight that is skipped begins
 * behind the gap.
 */
function instantOf(zone: ZoneOffsets, wallMs: number): number {
  const before = zone.offsetAt(wallMs - DAY_MS);
  const change = zone.nextChange(wallMs - DAY_MS, wallMs + DAY_MS);
  const early = wallMs - before;
  if (change === null || early < change) return early;
  return Math.max(change, wallMs - zone.offsetAt(change));
}
