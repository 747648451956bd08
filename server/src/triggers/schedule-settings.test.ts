import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Failure } from '../errors/failure.ts';
import { nextTickOf, readScheduleSettings } from './schedule-settings.ts';
import type { ScheduleTriggerSettings } from './trigger.ts';

const NEW = { before: null, nowMs: 0 };
const USUAL: ScheduleTriggerSettings = {
  ...{ cron: '0 8 * * *', timeZone: 'UTC', catchUp: { policy: 'once' }, overlap: 'allow' },
};

function refusal(value: unknown): string {
  try {
    readScheduleSettings(value, NEW);
  } catch (error) {
    assert.ok(error instanceof Failure);
    return error.message;
  }
  return assert.fail('they were taken');
}

describe('the settings of a schedule', () => {
  test('need a cron expression only', () => {
    assert.deepEqual(readScheduleSettings({ cron: ' 0 8 * * * ' }, NEW), {
      settings: USUAL,
      nextTickAt: null,
    });
  });

  test('take time zone, catch-up and overlap', () => {
    const value = {
      cron: '0 8 * * *',
      time_zone: 'US/Eastern',
      catch_up: { policy: 'all', limit: 5 },
      overlap: 'queue_one',
    };
    assert.deepEqual(readScheduleSettings(value, NEW).settings, {
      ...{
        cron: '0 8 * * *',
        timeZone: 'US/Eastern',
        catchUp: { policy: 'all', limit: 5 },
        overlap: 'queue_one',
      },
    });
  });

  for (const [value, rule] of [
    [undefined, /settings\.cron: is required/],
    [
      { cron: '@daily' },
      /settings\.cron: must be a standard five-part cron expression.*@ syntax is not supported/,
    ],
    [{ cron: 5 }, /settings\.cron: must be text/],
    [{ cron: '0 8 * * *', time_zone: 'Europe/Berln' }, /settings\.time_zone: .*did you mean Europe\/Berlin/],
    [{ cron: '0 8 * * *', catch_up: 'once' }, /settings\.catch_up: must be/],
    [{ cron: '0 8 * * *', catch_up: { policy: 'some' } }, /settings\.catch_up/],
    [{ cron: '0 8 * * *', catch_up: { policy: 'all' } }, /settings\.catch_up\.limit: is required/],
    [{ cron: '0 8 * * *', catch_up: { policy: 'all', limit: 101 } }, /limit: must be at most 100/],
    [{ cron: '0 8 * * *', overlap: 'never' }, /settings\.overlap: must be allow or skip or queue_one/],
    [{ cron: '0 8 * * *', seconds: 1 }, /must not have "seconds"/],
  ] as const) {
    test(`are refused as ${JSON.stringify(value)}`, () => assert.match(refusal(value), rule));
  }

  test('that change the timetable take the next tick away, others leave it', () => {
    const changed = (value: object) =>
      readScheduleSettings({ cron: '0 8 * * *', ...value }, { before: USUAL, nowMs: 0 });
    assert.equal('nextTickAt' in changed({ overlap: 'skip' }), false);
    assert.equal(changed({ cron: '0 9 * * *' }).nextTickAt, null);
    assert.equal(changed({ time_zone: 'US/Eastern' }).nextTickAt, null);
  });
});

test('the next tick of a schedule is shown before a scheduler has written it, and not while it is off', () => {
  const schedule = {
    ...{ settings: USUAL, nextTickAt: null, enabled: true, pausedAt: null },
    modifiedAt: new Date('2026-03-01T12:00:00Z'),
  };
  assert.equal(nextTickOf(schedule)?.toISOString(), '2026-03-02T08:00:00.000Z');
  assert.equal(nextTickOf({ ...schedule, enabled: false }), null);
  assert.equal(nextTickOf({ ...schedule, pausedAt: new Date() }), null);
  const written = new Date('2026-03-05T08:00:00Z');
  assert.equal(nextTickOf({ ...schedule, nextTickAt: written }), written);
});
