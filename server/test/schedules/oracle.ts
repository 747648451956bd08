// An independent answer to "when does this cron expression tick?": walks every minute of a time, asks Intl
// what the clocks show, and compares. Knows nothing of croner and of src/cron; naive on purpose, for tests
// only.

const MINUTE_MS = 60_000;
/** Clocks are moved at quarters of an hour in every zone of our days. */
const QUARTER_MS = 15 * MINUTE_MS;
const NAMES = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const DAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

export type Span = { fromMs: number; untilMs: number };

/** Ticks in [from, until), both whole minutes. */
export function walkMinutes(cron: string, timeZone: string, { fromMs, untilMs }: Span): number[] {
  const fields = cron.split(' ');
  const matches = matcher(fields);
  const isInterval = /[*/]/.test(`${fields[0]} ${fields[1]}`);
  const offsetAt = offsetReader(timeZone);
  const ticks: number[] = [];
  let latestWallMs = Number.NEGATIVE_INFINITY;
  // A day ahead, so that walls shown before the start are known.
  for (let at = fromMs - 24 * 60 * MINUTE_MS; at < untilMs; at += MINUTE_MS) {
    const wallMs = at + offsetAt(at);
    const isFresh = wallMs > latestWallMs;
    let ticksNow = matches(wallMs) && (isInterval || isFresh);
    if (!isInterval && latestWallMs !== Number.NEGATIVE_INFINITY) {
      for (let skipped = latestWallMs + MINUTE_MS; skipped < wallMs; skipped += MINUTE_MS) {
        if (matches(skipped)) ticksNow = true;
      }
    }
    if (isFresh) latestWallMs = wallMs;
    if (ticksNow && at >= fromMs) ticks.push(at);
  }
  return ticks;
}

function offsetReader(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  let [quarter, offsetMs] = [Number.NaN, 0];
  return (ms) => {
    const asked = Math.floor(ms / QUARTER_MS);
    if (asked === quarter) return offsetMs;
    quarter = asked;
    const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(name) ?? [];
    offsetMs =
      sign === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
    return offsetMs;
  };
}

function matcher(fields: string[]): (wallMs: number) => boolean {
  const [minutes, hours, days, months] = [
    valuesOf(fields[0] as string, 0, 59, []),
    valuesOf(fields[1] as string, 0, 23, []),
    valuesOf(fields[2] as string, 1, 31, []),
    valuesOf(fields[3] as string, 1, 12, NAMES),
  ];
  const weekdays = valuesOf(fields[4] as string, 0, 7, DAYS);
  if (weekdays.has(7)) weekdays.add(0);
  const [anyDay, anyWeekday] = [fields[2] === '*', fields[4] === '*'];
  return (wallMs) => {
    const wall = new Date(wallMs);
    if (!minutes.has(wall.getUTCMinutes()) || !hours.has(wall.getUTCHours())) return false;
    if (!months.has(wall.getUTCMonth() + 1)) return false;
    const [day, weekday] = [days.has(wall.getUTCDate()), weekdays.has(wall.getUTCDay())];
    return anyDay || anyWeekday ? day && weekday : day || weekday;
  };
}

function valuesOf(text: string, least: number, most: number, names: string[]): Set<number> {
  const value = (word: string): number => {
    const named = names.indexOf(word.toUpperCase());
    return named === -1 ? Number(word) : named + least;
  };
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const [span = '', step = '1'] = item.split('/');
    const [low, high] = span === '*' ? [least, most] : span.split('-').map(value);
    for (let at = low as number; at <= (high ?? (low as number)); at += Number(step)) values.add(at);
  }
  return values;
}
