// Timetables against an oracle that walks every minute: 20 zones, 10 years. The usual run takes the days
// around each zone's changes of clocks and some in between; MILLRACE_TEST_WHOLE_ORACLE=1 takes every minute
// of the ten years (about ten minutes).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ticksAfter, timetableOf } from '../../src/cron/timetable.ts';
import { zoneOffsets } from '../../src/cron/zone-offsets.ts';
import { type Span, walkMinutes } from './oracle.ts';

const ZONES = [
  'UTC',
  'US/Eastern',
  'America/Los_Angeles',
  'America/St_Johns',
  'America/Havana',
  'America/Nuuk',
  'America/Santiago',
  'America/Asuncion',
  'America/Sao_Paulo',
  'Europe/Berlin',
  'Europe/Dublin',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Gaza',
  'Asia/Tehran',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Antarctica/Troll',
];
const EVERY_MINUTE = '* * * * *';
const CRONS = [
  EVERY_MINUTE,
  '*/15 * * * *',
  '30 * * * *',
  '0 8 * * *',
  '30 2 * * *',
  '30 23 * * *',
  '0 0 * * *',
  '15,45 0-3 * * *',
  '10 0,1,2,3,23 * * SAT,SUN',
  '*/20 1-3 * * *',
  '5 */2 * * *',
  '0 0 1 * *',
  '30 1 13 * FRI',
  '59 23 29 2 *',
  '0 12 */3 MAR-OCT/2 1-5',
  '45 2 25-31 3,10 0',
];
const DAY_MS = 86_400_000;
const YEARS: Span = { fromMs: Date.UTC(2018, 0, 1), untilMs: Date.UTC(2028, 0, 1) };
const isWhole = process.env.MILLRACE_TEST_WHOLE_ORACLE === '1';

function changesOf(timeZone: string): number[] {
  const zone = zoneOffsets(timeZone);
  const changes: number[] = [];
  for (let at = zone.nextChange(YEARS.fromMs, YEARS.untilMs); at !== null; ) {
    changes.push(at);
    at = zone.nextChange(at, YEARS.untilMs);
  }
  return changes;
}

/** Two days around every fifth change of clocks, and a few other days; or everything. */
function spansOf(timeZone: string, cron: string): Span[] {
  // Five million ticks a zone show no more than some thousands.
  if (isWhole && cron !== EVERY_MINUTE) return [YEARS];
  const days = changesOf(timeZone)
    .filter((_, at) => at % 5 === 0)
    .map((change) => Math.floor(change / DAY_MS) * DAY_MS);
  const others = [Date.UTC(2020, 1, 28), Date.UTC(2027, 11, 31)];
  return [...days, ...others].map((day) => ({ fromMs: day - DAY_MS / 2, untilMs: day + 1.5 * DAY_MS }));
}

function ticksIn(cron: string, timeZone: string, { fromMs, untilMs }: Span): number[] {
  const timetable = timetableOf({ cron, timeZone });
  const ticks: number[] = [];
  for (let at = timetable.after(fromMs - 1); at !== null && at < untilMs; at = timetable.after(at)) {
    ticks.push(at);
  }
  return ticks;
}

const readable = (ticks: readonly number[]): string[] => ticks.map((tick) => new Date(tick).toISOString());

describe('a timetable ticks exactly when a walk over every minute says', () => {
  for (const timeZone of ZONES) {
    test(timeZone, () => {
      for (const cron of CRONS) {
        for (const span of spansOf(timeZone, cron)) {
          const expected = readable(walkMinutes(cron, timeZone, span));
          assert.deepEqual(readable(ticksIn(cron, timeZone, span)), expected, `${cron} in ${timeZone}`);
        }
      }
    });
  }
});

test('whatever instant one asks from, the next tick is the same', () => {
  for (const timeZone of ['America/Nuuk', 'US/Eastern', 'Australia/Lord_Howe']) {
    for (const change of changesOf(timeZone).slice(0, 6)) {
      for (const cron of ['30 2 * * *', '30 23 * * *', '45 1 * * *', '*/30 * * * *']) {
        const timetable = timetableOf({ cron, timeZone });
        const ticks = ticksAfter(timetable, change - DAY_MS, 100).filter((tick) => tick < change + DAY_MS);
        for (let at = change - 4 * 3_600_000; at < change + 4 * 3_600_000; at += 59_999) {
          const expected = ticks.find((tick) => tick > at) ?? null;
          for (const from of [at, change - 1, change, change + 1]) {
            const next = timetable.after(from);
            const known = ticks.find((tick) => tick > from);
            if (known !== undefined) assert.equal(next, known, `${cron} in ${timeZone} from ${from}`);
          }
          if (expected !== null) assert.equal(timetable.after(at), expected);
        }
      }
    }
  }
});
