import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ticksAfter, timetableOf } from './timetable.ts';

function ticks(cron: string, timeZone: string, from: string, count: number): string[] {
  const found = ticksAfter(timetableOf({ cron, timeZone }), Date.parse(from), count);
  return found.map((at) => new Date(at).toISOString().slice(0, 16));
}

// US/Eastern: clocks skip 02:00 to 03:00 on 8 March 2026 (07:00 UTC) and show 01:00 to 02:00 twice on 1
// November.
describe('a fixed time', () => {
  test('that the clocks skip ticks once, right after the gap', () => {
    assert.deepEqual(ticks('30 2 * * *', 'US/Eastern', '2026-03-07T12:00Z', 2), [
      '2026-03-08T07:00',
      '2026-03-09T06:30',
    ]);
  });

  test('that is skipped together with others, or meets one that isn’t, still ticks once', () => {
    assert.deepEqual(ticks('0,30 2,3 * * *', 'US/Eastern', '2026-03-08T06:00Z', 3), [
      '2026-03-08T07:00',
      '2026-03-08T07:30',
      '2026-03-09T06:00',
    ]);
  });

  test('that the clocks skip on the day’s last hour ticks with the next day', () => {
    // Nuuk: 23:00 to 24:00 doesn't exist on 29 March 2025.
    assert.deepEqual(ticks('30 23 * * SAT', 'America/Nuuk', '2025-03-29T12:00Z', 2), [
      '2025-03-30T01:00',
      '2025-04-06T00:30',
    ]);
  });

  test('that the clocks show twice ticks the first time only', () => {
    assert.deepEqual(ticks('30 1 * * *', 'US/Eastern', '2026-10-31T12:00Z', 2), [
      '2026-11-01T05:30',
      '2026-11-02T06:30',
    ]);
  });

  test('is by UTC where the zone is UTC', () => {
    assert.deepEqual(ticks('30 2 * * *', 'UTC', '2026-03-08T02:30Z', 1), ['2026-03-09T02:30']);
  });
});

describe('every so many minutes', () => {
  test('goes on through a gap without a pause', () => {
    assert.deepEqual(ticks('*/30 * * * *', 'US/Eastern', '2026-03-08T06:00Z', 3), [
      '2026-03-08T06:30',
      '2026-03-08T07:00',
      '2026-03-08T07:30',
    ]);
  });

  test('goes on through a doubled hour', () => {
    assert.deepEqual(ticks('*/30 * * * *', 'US/Eastern', '2026-11-01T05:00Z', 4), [
      '2026-11-01T05:30',
      '2026-11-01T06:00',
      '2026-11-01T06:30',
      '2026-11-01T07:00',
    ]);
  });
});
