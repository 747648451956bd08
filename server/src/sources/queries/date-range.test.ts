import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { spanOf } from './date-range.ts';
import type { DateRange } from './query.ts';

/** A Wednesday; 01:30 of the 6th in Berlin. */
const NOW = Date.parse('2026-05-05T23:30:00Z');

function texts(range: DateRange, timeZone: string, at = NOW): string[] {
  const span = spanOf(range, timeZone, at);
  return span === null ? [] : [span.fromMs, span.toMs].map((ms) => new Date(ms).toISOString().slice(0, 16));
}

describe('a date range', () => {
  for (const [preset, from, to] of [
    ['today', '2026-05-05T22:00', '2026-05-06T22:00'],
    ['yesterday', '2026-05-04T22:00', '2026-05-05T22:00'],
    ['this_week', '2026-05-03T22:00', '2026-05-10T22:00'],
    ['last_week', '2026-04-26T22:00', '2026-05-03T22:00'],
    ['last_7_days', '2026-04-29T22:00', '2026-05-06T22:00'],
    ['this_month', '2026-04-30T22:00', '2026-05-31T22:00'],
    ['last_month', '2026-03-31T22:00', '2026-04-30T22:00'],
    ['this_year', '2025-12-31T23:00', '2026-12-31T23:00'],
    ['last_year', '2024-12-31T23:00', '2025-12-31T23:00'],
    ['last_24_hours', '2026-05-04T23:30', '2026-05-05T23:30'],
  ] as const) {
    test(`${preset} begins and ends at midnight of its zone`, () => {
      assert.deepEqual(texts({ preset }, 'Europe/Berlin'), [from, to]);
    });
  }

  test('all_time has no bounds', () => {
    assert.equal(spanOf({ preset: 'all_time' }, 'UTC', NOW), null);
  });

  test('of days includes both', () => {
    const days = { from: '2026-01-01', to: '2026-01-31' };
    assert.deepEqual(texts(days, 'America/New_York'), ['2026-01-01T05:00', '2026-02-01T05:00']);
  });

  test('a day has 23 or 25 hours when the clocks are moved', () => {
    const hours = (day: string): number => {
      const span = spanOf({ from: day, to: day }, 'Europe/Berlin', NOW);
      return ((span?.toMs ?? 0) - (span?.fromMs ?? 0)) / 3_600_000;
    };
    assert.deepEqual(['2026-03-28', '2026-03-29', '2026-10-25', '2026-10-26'].map(hours), [24, 23, 25, 24]);
  });

  test('a day whose midnight is skipped begins behind the gap', () => {
    // Beirut moves its clocks at midnight.
    const day = { from: '2026-03-29', to: '2026-03-29' };
    assert.deepEqual(texts(day, 'Asia/Beirut'), ['2026-03-28T22:00', '2026-03-29T21:00']);
  });
});
