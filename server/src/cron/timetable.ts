// When a cron expression ticks in a time zone. Times of day are read from the zone's clocks, which are moved
// now and then:
//
//   an expression of fixed times       a time that the clocks skip ticks once, at the first instant after the gap (several of
//   (no `*`, no step in minute, hour)  them: still once); one that they show twice ticks the first time only
//   an expression with `*` or a step   ticks whenever the clocks show a matching time: through a doubled hour twice, in a
//   in minute or hour                  skipped one never, so that every-15-minutes stays every 15 minutes
//
// As Vixie cron does, whatever the size of the move. Pure, no clock of its own; asked by schedules/,
// triggers/ and the API.
import { type CronExpression, readCron } from './cron-expression.ts';
import { type ZoneOffsets, zoneOffsets } from './zone-offsets.ts';

export type Timetable = {
  /** The first tick after an instant; null: there is none. Unix ms. */
  after(instantMs: number): number | null;
};

/** As checked by readCron and timeZoneProblem. */
export type TimetableKey = { cron: string; timeZone: string };

/** @throws Error where the key was not checked */
export function timetableOf({ cron, timeZone }: TimetableKey, zone = zoneOffsets(timeZone)): Timetable {
  const read = readCron(cron);
  if ('problem' in read) throw new Error(`the cron expression ${read.problem}`);
  const { expression } = read;
  return {
    after(instantMs) {
      let stretch = stretchAt(zone, instantMs);
      for (;;) {
        const step = stepIn(expression, zone, stretch);
        if (!('next' in step)) return step.tick;
        stretch = step.next;
      }
    },
  };
}

/** Ticks further away are nobody's plan, and each year costs its look at the zone's clocks. */
const FAR_MS = 30 * 366 * 86_400_000;

/**
 * @returns the ticks after an instant, at most `count`, and none further away than {@link FAR_MS} but the
 * first
 */
export function ticksAfter(timetable: Timetable, instantMs: number, count: number): number[] {
  const ticks: number[] = [];
  for (let at = timetable.after(instantMs); at !== null && ticks.length < count; at = timetable.after(at)) {
    if (ticks.length > 0 && at - instantMs > FAR_MS) break;
    ticks.push(at);
  }
  return ticks;
}

/** A time in which the clocks aren't moved. */
type Stretch = {
  fromMs: number;
  offsetMs: number;
  /** Walls from here on are looked at. */
  firstWallMs: number;
  /** Walls before this were shown already; fixed times among them have ticked. */
  freshWallMs: number;
};

/** Longest move of a clock back: how long a doubled time may lie behind. */
const LONGEST_MOVE_MS = 86_400_000;

/** The stretch that an instant lies in; what is looked for lies behind the instant. */
function stretchAt(zone: ZoneOffsets, instantMs: number): Stretch {
  const offsetMs = zone.offsetAt(instantMs);
  const change = zone.nextChange(instantMs - LONGEST_MOVE_MS, instantMs);
  const freshWallMs = change === null ? Number.NEGATIVE_INFINITY : change + zone.offsetAt(change - 1);
  return { fromMs: instantMs, offsetMs, firstWallMs: instantMs + 1 + offsetMs, freshWallMs };
}

/** Either a tick within the stretch or at its end, or the stretch behind it. */
function stepIn(
  { isFixedTime, firstAt }: CronExpression,
  zone: ZoneOffsets,
  { fromMs, offsetMs, firstWallMs, freshWallMs }: Stretch,
): { tick: number | null } | { next: Stretch } {
  const wallMs = firstAt(isFixedTime ? Math.max(firstWallMs, freshWallMs) : firstWallMs);
  if (wallMs === null) return { tick: null };
  const tick = wallMs - offsetMs;
  const change = zone.nextChange(fromMs, tick);
  if (change === null) return { tick };
  const nextOffsetMs = zone.offsetAt(change);
  const isSkipped = wallMs < change + nextOffsetMs;
  if (isFixedTime && isSkipped) return { tick: change };
  return {
    next: {
      fromMs: change,
      offsetMs: nextOffsetMs,
      firstWallMs: change + nextOffsetMs,
      freshWallMs: change + offsetMs,
    },
  };
}
