// Timetables that were made lately: making one costs more than asking it, and alike schedules tick together.
// Held by the scheduler.
import { LatelyUsed } from '../memory/lately-used.ts';
import { type Timetable, type TimetableKey, timetableOf } from './timetable.ts';
import { type ZoneOffsets, zoneOffsets } from './zone-offsets.ts';

export type Timetables = { of(key: TimetableKey): Timetable };

/** @param capacity timetables kept; beyond it, the one not asked for longest goes */
export function createTimetableCache(capacity: number): Timetables {
  const kept = new LatelyUsed<Timetable>(capacity);
  // There are some 600 of them.
  const zones = new Map<string, ZoneOffsets>();
  return {
    of({ cron, timeZone }) {
      const key = `${timeZone} ${cron}`;
      const known = kept.get(key);
      if (known !== undefined) return known;
      const zone = zones.get(timeZone) ?? zoneOffsets(timeZone);
      zones.set(timeZone, zone);
      const made = timetableOf({ cron, timeZone }, zone);
      kept.set(key, made);
      return made;
    },
  };
}
