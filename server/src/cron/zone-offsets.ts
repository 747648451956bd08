// What the clocks of a time zone show: how far they are ahead of UTC at an instant, and when that changes
// next. From the runtime's own zone data (Intl). Pure; asked by timetable.ts.

export type ZoneOffsets = {
  /** How far walls are ahead of UTC at an instant. ms */
  offsetAt(instantMs: number): number;
  /** The first instant in (from, until] at which the offset is another than before it; null: none. */
  nextChange(fromMs: number, untilMs: number): number | null;
};

/**
 * No zone changes twice within it: the shortest known are the four weeks for which clocks go back in Ramadan.
 */
const STEP_MS = 7 * 86_400_000;
/** Since zones count in whole minutes, they also change at whole minutes. */
const MINUTE_MS = 60_000;
/** Minutes whose offset is remembered: asking Intl costs a thousand times more. */
const CAPACITY = 2_000;

/** @throws RangeError where there is no such zone */
export function zoneOffsets(timeZone: string): ZoneOffsets {
  // As people in Sweden write it: `2026-12-01 09:05`.
  const format = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone, hourCycle: 'h23' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  });
  const remembered = new Map<number, number>();

  function offsetAt(instantMs: number): number {
    const minute = Math.floor(instantMs / MINUTE_MS);
    const known = remembered.get(minute);
    if (known !== undefined) return known;
    const offsetMs = wallOf(format, minute * MINUTE_MS) - minute * MINUTE_MS;
    if (remembered.size >= CAPACITY) remembered.clear();
    remembered.set(minute, offsetMs);
    return offsetMs;
  }

  /** Between two instants of different offsets: halves until the minute of the change is found. */
  function changeBetween(beforeMs: number, afterMs: number): number {
    let [low, high] = [Math.floor(beforeMs / MINUTE_MS), Math.floor(afterMs / MINUTE_MS)];
    const before = offsetAt(beforeMs);
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offsetAt(middle * MINUTE_MS) === before) low = middle;
      else high = middle;
    }
    return high * MINUTE_MS;
  }

  return {
    offsetAt,
    nextChange(fromMs, untilMs) {
      let before = offsetAt(fromMs);
      for (let at = fromMs; at < untilMs; ) {
        const next = Math.min(at + STEP_MS, untilMs);
        const after = offsetAt(next);
        if (after !== before) return changeBetween(at, next);
        [at, before] = [next, after];
      }
      return null;
    },
  };
}

/** What the clocks show, as if they showed UTC. Its text is read: its parts cost three times as much. */
function wallOf(format: Intl.DateTimeFormat, instantMs: number): number {
  const text = format.format(instantMs);
  return Date.parse(`${text.slice(0, -6)}T${text.slice(-5)}Z`);
}
