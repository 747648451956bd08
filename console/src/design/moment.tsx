// Times and amounts as people read them: relative with the absolute on hover, in the person's zone or UTC by
// one switch. Called by lists and pages.
import { useEffect, useState } from 'react';
import { currentLocale } from '../texts/translate.ts';

const ZONE_KEPT = 'millrace.zone';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  [DAY, 'day'],
  [HOUR, 'hour'],
  [MINUTE, 'minute'],
] as const;

/** Undefined: the person's own. */
export function shownZone(): 'UTC' | undefined {
  return localStorage.getItem(ZONE_KEPT) === 'UTC' ? 'UTC' : undefined;
}

export function chooseZone(zone: 'UTC' | 'local'): void {
  localStorage.setItem(ZONE_KEPT, zone);
  location.reload();
}

export function absolute(at: string | Date, withMs = false): string {
  return new Intl.DateTimeFormat(currentLocale(), {
    ...{
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    },
    ...(withMs ? { fractionalSecondDigits: 3 } : {}),
    timeZoneName: 'short',
    timeZone: shownZone(),
  }).format(new Date(at));
}

export function clockTime(at: string | Date): string {
  return new Intl.DateTimeFormat(currentLocale(), {
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hour12: false },
    timeZone: shownZone(),
  }).format(new Date(at));
}

export function relative(at: string | Date, nowMs: number): string {
  const past = nowMs - new Date(at).getTime();
  const format = new Intl.RelativeTimeFormat(currentLocale(), { numeric: 'auto', style: 'short' });
  for (const [size, unit] of STEPS) {
    if (Math.abs(past) >= size) return format.format(-Math.trunc(past / size), unit);
  }
  return format.format(-Math.trunc(past / 1_000), 'second');
}

const SKEW_MS = 15_000;

/** Clocks of server and device differ, and the shown now is a moment old: what began isn't in the future. */
function isJustNow(at: string, nowMs: number): boolean {
  const ahead = new Date(at).getTime() - nowMs;
  return ahead > 0 && ahead < SKEW_MS;
}

/** A time that says how long ago it is, and when on hover. */
export function When({ at }: { at: string | null }) {
  const [nowMs, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  if (at === null) return <span className="quiet">–</span>;
  return (
    <time dateTime={at} title={absolute(at)}>
      {relative(at, isJustNow(at, nowMs) ? new Date(at).getTime() : nowMs)}
    </time>
  );
}

export function tookText(ms: number | null): string {
  if (ms === null) return '–';
  const number = (value: number, digits: number) =>
    new Intl.NumberFormat(currentLocale(), { maximumFractionDigits: digits }).format(value);
  if (ms < 10) return `${number(ms, 1)} ms`;
  if (ms < 1_000) return `${number(ms, 0)} ms`;
  if (ms < MINUTE) return `${number(ms / 1_000, 1)} s`;
  return `${number(ms / MINUTE, 1)} min`;
}

export function bytesText(bytes: number | null): string {
  if (bytes === null) return '–';
  const mb = bytes / 1_048_576;
  const value = mb < 1 ? bytes / 1_024 : mb;
  const text = new Intl.NumberFormat(currentLocale(), { maximumFractionDigits: value < 10 ? 1 : 0 }).format(
    value,
  );
  return `${text} ${mb < 1 ? 'KB' : 'MB'}`;
}
