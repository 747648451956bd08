// What the clocks of a zone do around a tick: whether it stands for a time that they skip, or for one that
// they show twice. For people who look at a schedule before it runs. Pure; asked by the API.
import { readCron } from './cron-expression.ts';
import type { TimetableKey } from './timetable.ts';
import { type ZoneOffsets, zoneOffsets } from './zone-offsets.ts';

export const CLOCK_CHANGES = ['skipped', 'repeated'] as const;
export type ClockChange = (typeof CLOCK_CHANGES)[number];

/** Longest move of a clock. */
const LONGEST_MOVE_MS = 86_400_000;

/** @returns null: no clock is moved there. @throws Error where the key was not checked */
export function createClockChangeFinder(
  { cron, timeZone }: TimetableKey,
  zone = zoneOffsets(timeZone),
): (tickMs: number) => ClockChange | null {
  const read = readCron(cron);
  if ('problem' in read) throw new Error(`the cron expression ${read.problem}`);
  return (tickMs) => {
    const wallMs = tickMs + zone.offsetAt(tickMs);
    // A tick at a time that its expression doesn't name makes up for one that the clocks have skipped.
    if (read.expression.firstAt(wallMs) !== wallMs) return 'skipped';
    return isShownTwice(zone, tickMs) ? 'repeated' : null;
  };
}

function isShownTwice(zone: ZoneOffsets, tickMs: number): boolean {
  const before = zone.nextChange(tickMs - LONGEST_MOVE_MS, tickMs);
  if (before !== null && tickMs < before + movedBackMs(zone, before)) return true;
  const next = zone.nextChange(tickMs, tickMs + LONGEST_MOVE_MS);
  return next !== null && tickMs >= next - movedBackMs(zone, next);
}

/** Negative where clocks are moved forward. */
function movedBackMs(zone: ZoneOffsets, changeMs: number): number {
  return zone.offsetAt(changeMs - 1) - zone.offsetAt(changeMs);
}
