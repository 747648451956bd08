// Reads a standard five-part cron expression: `minute hour day-of-month month day-of-week`. What is standard
// is decided here, in sentences for people; the calendar arithmetic is croner's, in UTC only: the time zone's
// part is timetable.ts. Pure.
import { Cron } from 'croner';

export type CronExpression = {
  /**
   * Whether it names its times of day (no `*`, no step in minute and hour): such a time runs once whatever
   * the clocks do.
   */
  isFixedTime: boolean;
  /**
   * The first matching minute at or after a time on the wall, as if walls showed UTC. Unix ms; null: there is
   * none.
   */
  firstAt(wallMs: number): number | null;
};

/** Either the expression, or the rule that it breaks as the end of a sentence that begins with its name. */
export type ReadCron = { expression: CronExpression } | { problem: string };

type Field = { name: string; least: number; most: number; names: readonly string[] };

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MINUTE: Field = { name: 'minute', least: 0, most: 59, names: [] };
const HOUR: Field = { name: 'hour', least: 0, most: 23, names: [] };
const FIELDS: readonly Field[] = [
  MINUTE,
  HOUR,
  { name: 'day of month', least: 1, most: 31, names: [] },
  { name: 'month', least: 1, most: 12, names: MONTHS },
  // 0 and 7 are both Sunday.
  { name: 'day of week', least: 0, most: 7, names: DAYS },
];

const LONGEST = 256;
const SHAPE = 'must be a standard five-part cron expression: minute, hour, day of month, month, day of week';
const MINUTE_MS = 60_000;

export function readCron(text: string): ReadCron {
  const problem = shapeProblem(text);
  if (problem !== null) return { problem };
  const parts = text.trim().split(/\s+/);
  const wrong = FIELDS.map((field, at) => fieldProblem(parts[at] as string, field)).filter(
    (one) => one !== null,
  );
  if (wrong.length > 0) return { problem: wrong.join('; ') };
  const cron = new Cron(parts.join(' '), { mode: '5-part', utcOffset: 0, paused: true });
  const expression: CronExpression = {
    isFixedTime: !/[*/]/.test(`${parts[0]} ${parts[1]}`),
    // croner looks behind a time; what it is asked is at or behind one.
    firstAt: (wallMs) => {
      const minuteMs = Math.ceil(wallMs / MINUTE_MS) * MINUTE_MS;
      return cron.nextRun(new Date(minuteMs - MINUTE_MS))?.getTime() ?? null;
    },
  };
  if (expression.firstAt(0) === null) return { problem: 'names a day that never comes' };
  return { expression };
}

function shapeProblem(text: string): string | null {
  if (text.length > LONGEST) return `must have at most ${LONGEST} characters`;
  const trimmed = text.trim();
  if (trimmed.includes('@')) return `${SHAPE}; the @ syntax is not supported`;
  const count = trimmed === '' ? 0 : trimmed.split(/\s+/).length;
  if (count === FIELDS.length) return null;
  const more = count === 6 || count === 7 ? '; seconds and years are not supported' : '';
  return `${SHAPE}; this has ${count} ${count === 1 ? 'part' : 'parts'}${more}`;
}

/** A field is a list of `*`, a value or a range, each but a lone value with an optional step. */
function fieldProblem(part: string, field: Field): string | null {
  const items = part.split(',');
  for (const item of items) {
    const problem = item === '' ? 'holds an empty place in a list' : itemProblem(item, field);
    if (problem !== null) return `${field.name} ${JSON.stringify(part.slice(0, 40))} ${problem}`;
  }
  return null;
}

function itemProblem(item: string, field: Field): string | null {
  const [span = '', step, ...rest] = item.split('/');
  if (rest.length > 0) return 'has more than one step';
  const [low, high, ...others] =
    span === '*' ? [field.least, field.most] : span.split('-').map(valueIn(field));
  if (low === null || high === null || others.length > 0) return unreadable(span, field);
  if (low === undefined) return unreadable(span, field);
  if (high !== undefined && low > high) return runsBackwards({ low, high }, field);
  return step === undefined ? null : stepProblem(step, { low, high }, field);
}

/** Sunday is 0 and 7: a week that ends with it isn't cut in two. */
function runsBackwards({ low, high }: { low: number; high: number }, { least, most }: Field): string {
  const isWholeAlready = most === 7 && high === 0;
  return `runs backwards: write ${low}-${most}${isWholeAlready ? '' : `,${least}-${high}`}`;
}

function stepProblem(
  step: string,
  span: { low: number; high: number | undefined },
  field: Field,
): string | null {
  if (span.high === undefined)
    return `has a step behind a single value: write ${span.low}-${field.most}/${step}`;
  const size = /^[0-9]{1,3}$/.test(step) ? Number(step) : 0;
  const most = field.most - field.least;
  return size >= 1 && size <= most ? null : `has a step that is not a whole number from 1 to ${most}`;
}

/** Reads one value: null where it is none of this field. */
function valueIn(field: Field): (text: string) => number | null {
  return (text) => {
    const named = field.names.indexOf(text.toUpperCase());
    if (named !== -1) return named + field.least;
    const value = /^[0-9]{1,2}$/.test(text) ? Number(text) : -1;
    return value >= field.least && value <= field.most ? value : null;
  };
}

function unreadable(span: string, field: Field): string {
  const names = field.names.length === 0 ? '' : ` or ${field.names[0]} to ${field.names.at(-1)}`;
  const odd = /[LW#?+]/i.test(span.replace(/[a-z]{3}/gi, '')) ? '; L, W, #, ? and + are not supported' : '';
  return `must be made of *, values from ${field.least} to ${field.most}${names}, ranges, steps and lists${odd}`;
}
