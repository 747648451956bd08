import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nearTimeZones, timeZoneProblem } from './time-zone.ts';

describe('a time zone', () => {
  for (const name of [
    'UTC',
    'US/Eastern',
    'Europe/Berlin',
    'America/Argentina/Buenos_Aires',
    'Etc/GMT+5',
    'EST5EDT',
  ]) {
    test(`may be ${name}`, () => assert.equal(timeZoneProblem(name), null));
  }

  for (const name of ['', '+05:00', 'GMT+5', 'Mars/Olympus', '../UTC', ' UTC', 'x'.repeat(100)]) {
    test(`isn't ${JSON.stringify(name.slice(0, 12))}`, () =>
      assert.match(timeZoneProblem(name) ?? '', /^must be an IANA time zone/));
  }

  for (const [written, meant] of [
    ['Europe/Berln', 'Europe/Berlin'],
    ['new york', 'America/New_York'],
    ['Eastern', 'US/Eastern'],
    ['PST', 'America/Los_Angeles'],
    ['US/Estern', 'US/Eastern'],
    ['London', 'Europe/London'],
  ] as const) {
    test(`${written} is told that ${meant} may be meant`, () => {
      assert.equal(nearTimeZones(written)[0], meant);
      assert.ok(timeZoneProblem(written)?.includes(`did you mean ${meant}`));
    });
  }
});
