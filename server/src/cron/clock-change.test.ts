import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createClockChangeFinder } from './clock-change.ts';
import { ticksAfter, timetableOf } from './timetable.ts';

function changes(cron: string, timeZone: string, from: string, count: number): (string | null)[] {
  const key = { cron, timeZone };
  return ticksAfter(timetableOf(key), Date.parse(from), count).map(createClockChangeFinder(key));
}

// US/Eastern: 02:00 to 03:00 is skipped on 8 March 2026, 01:00 to 02:00 shown twice on 1 November.
describe('a clock change', () => {
  test('is said of a tick that stands for a skipped time, and of no other that day', () => {
    assert.deepEqual(changes('30 2 * * *', 'US/Eastern', '2026-03-07T00:00Z', 3), [null, 'skipped', null]);
    assert.deepEqual(changes('0 3 * * *', 'US/Eastern', '2026-03-07T12:00Z', 1), [null]);
    assert.deepEqual(changes('*/30 * * * *', 'US/Eastern', '2026-03-08T06:00Z', 3), [null, null, null]);
  });

  test('is said of a time that is shown twice, before and after the clocks are moved', () => {
    assert.deepEqual(changes('30 1 * * *', 'US/Eastern', '2026-10-31T12:00Z', 2), ['repeated', null]);
    assert.deepEqual(changes('*/30 * * * *', 'US/Eastern', '2026-11-01T04:00Z', 7), [
      null,
      ...Array(4).fill('repeated'),
      ...[null, null],
    ]);
  });

  test('is none where clocks are never moved', () => {
    assert.deepEqual(changes('30 2 * * *', 'UTC', '2026-03-08T00:00Z', 2), [null, null]);
  });
});
