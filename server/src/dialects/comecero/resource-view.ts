// Which fields of a resource are answered, and how its dates look: `show`, `hide`, `timezone`, `formatted`
// (docs/specs/comecero.md 1.2). Pure.
import { fail } from '../../errors/failure.ts';
import type { Query } from './endpoint.ts';
import { readBoolean } from './list-query.ts';

/** A resource as it is answered; Dates are still Dates. */
export type View = { [field: string]: unknown };

export type ViewOptions = {
  /** Dotted paths; null: everything. At most one of `show` and `hide` is set. */
  show: string[][] | null;
  hide: string[][] | null;
  /** IANA name or offset. */
  timezone: string;
};

/** Comma-separated paths beyond these bounds are nothing that a client asks for. */
const MAX_PATHS = 200;
const MAX_DEPTH = 8;

/**
 * @param usualTimezone where the query names none
 * @throws Failure `invalid_input` when `show` and `hide` are both given or the time zone is unknown
 */
export function readViewOptions(query: Query, usualTimezone = 'UTC'): ViewOptions {
  const show = readPaths(query, 'show');
  const hide = readPaths(query, 'hide');
  if (show !== null && hide !== null) {
    fail('invalid_input', { message: 'show and hide exclude each other', field: 'hide' });
  }
  // We have no localised display values: `formatted` is understood and adds nothing.
  readBoolean(query, 'formatted');
  return { show, hide, timezone: parseTimezone(query.timezone || usualTimezone) };
}

function readPaths(query: Query, name: string): string[][] | null {
  return parsePaths(query[name] ?? '', name);
}

/**
 * @returns null where the text names nothing
 * @throws Failure `invalid_input` naming `field`
 */
export function parsePaths(text: string, field: string): string[][] | null {
  if (text.trim() === '') return null;
  const paths = text
    .split(',')
    .map((path) => path.trim().split('.'))
    .filter((path) => path[0] !== '');
  if (paths.length > MAX_PATHS || paths.some((path) => path.length > MAX_DEPTH)) {
    fail('invalid_input', {
      message: `${field} takes at most ${MAX_PATHS} fields of at most ${MAX_DEPTH} levels`,
      field,
    });
  }
  return paths;
}

/** @returns `UTC` for an empty text @throws Failure `invalid_input` */
export function parseTimezone(timezone: string): string {
  if (timezone === '' || timezone === 'UTC') return 'UTC';
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: timezone });
    return timezone;
  } catch (cause) {
    const message = 'timezone must be the name of a time zone, such as UTC or America/New_York';
    return fail('invalid_input', { message, field: 'timezone', cause });
  }
}

/** The view as it is sent: dates written out, then cut to the fields that were asked for. */
export function renderView(view: View, options: ViewOptions): View {
  return cutFields(writeDates(view, createDateWriter(options.timezone)), options) as View;
}

/** Leaves what `show` names, or what `hide` doesn't. */
export function cutFields(value: unknown, { show, hide }: Pick<ViewOptions, 'show' | 'hide'>): unknown {
  if (show !== null) return pick(value, show);
  return hide === null ? value : omit(value, hide);
}

/** @param timezone IANA name, known to exist */
export function createDateWriter(timezone: string): (date: Date) => string {
  if (timezone === 'UTC') return (date) => date.toISOString();
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'iso8601',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    timeZoneName: 'longOffset',
  });
  return (date) => {
    const part = Object.fromEntries(format.formatToParts(date).map(({ type, value }) => [type, value]));
    const offset = part.timeZoneName === 'GMT' ? '+00:00' : part.timeZoneName?.replace('GMT', '');
    const day = `${part.year}-${part.month}-${part.day}`;
    return `${day}T${part.hour}:${part.minute}:${part.second}.${part.fractionalSecond}${offset}`;
  };
}

function writeDates(value: unknown, write: (date: Date) => string): unknown {
  if (value instanceof Date) return write(value);
  if (Array.isArray(value)) return value.map((item) => writeDates(item, write));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, writeDates(item, write)]));
}

function pick(value: unknown, paths: string[][]): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, paths));
  if (value === null || typeof value !== 'object') return value;
  const entries: [string, unknown][] = [];
  for (const [name, item] of Object.entries(value)) {
    const about = paths.filter((path) => path[0] === name);
    if (about.length === 0) continue;
    const whole = about.some((path) => path.length === 1);
    entries.push([name, whole ? item : pick(item, tails(about))]);
  }
  return Object.fromEntries(entries);
}

function omit(value: unknown, paths: string[][]): unknown {
  if (Array.isArray(value)) return value.map((item) => omit(item, paths));
  if (value === null || typeof value !== 'object') return value;
  const entries: [string, unknown][] = [];
  for (const [name, item] of Object.entries(value)) {
    const about = paths.filter((path) => path[0] === name);
    if (about.some((path) => path.length === 1)) continue;
    entries.push([name, about.length === 0 ? item : omit(item, tails(about))]);
  }
  return Object.fromEntries(entries);
}

function tails(paths: string[][]): string[][] {
  return paths.map((path) => path.slice(1));
}
