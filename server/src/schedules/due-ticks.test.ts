import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { timetableOf } from '../cron/timetable.ts';
import type { CatchUp } from '../triggers/trigger.ts';
import { type ScheduleState, tick } from './due-ticks.ts';

const MINUTELY = timetableOf({ cron: '* * * * *', timeZone: 'UTC' });
const DAILY = timetableOf({ cron: '0 8 * * *', timeZone: 'UTC' });
const at = (text: string): number => Date.parse(`${text}Z`);

function state(
  change: Partial<ScheduleState> & { catchUp?: CatchUp; overlap?: 'allow' | 'skip' | 'queue_one' },
) {
  const { catchUp = { policy: 'once' }, overlap = 'allow', ...rest } = change;
  const usual = { nextTickMs: at('2026-01-05T08:00:00'), waitingTickMs: null, isBusy: false };
  return { ...usual, settings: { catchUp, overlap }, ...rest } satisfies ScheduleState;
}

describe('a schedule', () => {
  test('that begins gets its next tick and runs nothing', () => {
    assert.deepEqual(tick(state({ nextTickMs: null }), DAILY, at('2026-01-05T08:00:00')), {
      ...{ runs: [], waitingTickMs: null, nextTickMs: at('2026-01-06T08:00:00') },
    });
  });

  for (const policy of ['skip', 'once'] as const) {
    test(`runs a tick that is less than a minute late, whatever its catch-up policy: ${policy}`, () => {
      for (const now of ['2026-01-05T08:00:00', '2026-01-05T08:00:59.999', '2026-01-05T08:01:00']) {
        assert.deepEqual(tick(state({ catchUp: { policy } }), DAILY, at(now)), {
          ...{
            runs: [at('2026-01-05T08:00:00')],
            waitingTickMs: null,
            nextTickMs: at('2026-01-06T08:00:00'),
          },
        });
      }
    });
  }

  test('that isn’t due stays as it is', () => {
    const next = at('2026-01-05T08:00:00');
    assert.deepEqual(tick(state({}), DAILY, next - 1), { runs: [], waitingTickMs: null, nextTickMs: next });
  });
});

describe('after three days of downtime', () => {
  const now = at('2026-01-08T07:30:00');
  const runsAfter = (catchUp: CatchUp) => {
    const { runs, nextTickMs } = tick(state({ catchUp }), DAILY, now);
    assert.equal(nextTickMs, at('2026-01-08T08:00:00'));
    return runs.map((run) => new Date(run).toISOString().slice(0, 10));
  };

  test('skip runs nothing', () => assert.deepEqual(runsAfter({ policy: 'skip' }), []));
  test('once runs the latest', () => assert.deepEqual(runsAfter({ policy: 'once' }), ['2026-01-07']));
  test('all runs all, oldest first', () =>
    assert.deepEqual(runsAfter({ policy: 'all', limit: 10 }), ['2026-01-05', '2026-01-06', '2026-01-07']));
  test('all runs the latest of them up to its limit', () =>
    assert.deepEqual(runsAfter({ policy: 'all', limit: 2 }), ['2026-01-06', '2026-01-07']));
});

describe('after ten minutes of downtime, every minute', () => {
  const now = at('2026-01-05T08:10:30');
  const minutes = (catchUp: CatchUp) =>
    tick(state({ catchUp }), MINUTELY, now).runs.map((run) => new Date(run).getUTCMinutes());

  test('skip runs the tick that is on time', () => assert.deepEqual(minutes({ policy: 'skip' }), [10]));
  test('once runs it for all of them', () => assert.deepEqual(minutes({ policy: 'once' }), [10]));
  test('all counts the one on time beside its limit', () =>
    assert.deepEqual(minutes({ policy: 'all', limit: 3 }), [7, 8, 9, 10]));
});

test('a year of missed minutes is decided at once', () => {
  const started = performance.now();
  const settings = { catchUp: { policy: 'all', limit: 100 } } as const;
  const { runs } = tick(state(settings), MINUTELY, at('2027-01-05T08:00:30'));
  assert.equal(runs.length, 101);
  assert.equal(runs.at(-1), at('2027-01-05T08:00:00'));
  assert.ok(performance.now() - started < 5_000);
});

describe('while the run of an earlier tick isn’t over', () => {
  const now = at('2026-01-05T08:00:01');
  const [due, earlier] = [at('2026-01-05T08:00:00'), at('2026-01-04T08:00:00')];
  for (const [overlap, waiting, expected] of [
    ['allow', null, { runs: [due], waitingTickMs: null }],
    ['skip', null, { runs: [], waitingTickMs: null }],
    ['queue_one', null, { runs: [], waitingTickMs: due }],
    ['queue_one', earlier, { runs: [], waitingTickMs: earlier }],
  ] as const) {
    test(`${overlap}${waiting === null ? '' : ', with one waiting,'} gives ${JSON.stringify(expected)}`, () => {
      const { nextTickMs: _, ...given } = tick(
        state({ overlap, waitingTickMs: waiting, isBusy: true }),
        DAILY,
        now,
      );
      assert.deepEqual(given, expected);
    });
  }

  test('and ends, the tick that waited runs', () => {
    const waited = tick(state({ overlap: 'queue_one', waitingTickMs: earlier }), DAILY, due - 1);
    assert.deepEqual(waited, { runs: [earlier], waitingTickMs: null, nextTickMs: due });
  });

  test('and ends as the next one is due, the next one waits in turn', () => {
    const waited = tick(state({ overlap: 'queue_one', waitingTickMs: earlier }), DAILY, now);
    assert.deepEqual([waited.runs, waited.waitingTickMs], [[earlier], due]);
  });

  test('several missed ticks don’t overlap each other', () => {
    const catchUp = { policy: 'all', limit: 5 } as const;
    const later = at('2026-01-08T07:30:00');
    assert.equal(tick(state({ catchUp, overlap: 'skip' }), DAILY, later).runs.length, 1);
    const queued = tick(state({ catchUp, overlap: 'queue_one' }), DAILY, later);
    assert.deepEqual([queued.runs.length, queued.waitingTickMs !== null], [1, true]);
  });
});
