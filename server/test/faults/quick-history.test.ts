// The judge of the faults sees every kind of wrong: each of these histories has one planted.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Cause, changedAfterEnd, type FoundRun, judge } from './history.ts';

const CAUSE: Cause = { key: 'k1', kind: 'event', answer: 'accepted', runIds: ['r1'] };
const RUN: FoundRun = {
  ...{
    id: 'r1',
    status: 'succeeded',
    attempts: 1,
    endedAt: 't',
    error: null,
    earlier: 0,
    brokenOff: 0,
    did: ['k1'],
  },
};

describe('the history of a fault', () => {
  test('is clean when every accepted cause has its one run', () => {
    assert.deepEqual(judge([CAUSE], [RUN]), []);
    assert.deepEqual(judge([CAUSE], [{ ...RUN, attempts: 2, earlier: 1 }]), []);
  });

  for (const [wrong, causes, runs, told] of [
    ['an accepted cause without a run', [CAUSE], [], /^lost: event k1/],
    ['an accepted run that is not there', [{ ...CAUSE, runIds: ['r1', 'r2'] }], [RUN], /^lost/],
    ['two runs of a named cause', [CAUSE], [RUN, { ...RUN, id: 'r2' }], /^twice: event k1 has 2/],
    [
      'two runs of an accepted call',
      [{ ...CAUSE, kind: 'async call' }],
      [RUN, { ...RUN, id: 'r2' }],
      /^twice/,
    ],
    ['a run of nothing that was sent', [], [RUN], /^made up/],
    ['a run that goes on', [CAUSE], [{ ...RUN, status: 'running' }], /^stuck/],
    ['a run that ended badly', [CAUSE], [{ ...RUN, status: 'dead' }], /^spoiled/],
    ['a run that two attempts ended', [CAUSE], [{ ...RUN, did: ['k1', 'k1'] }], /^finished twice/],
    ['an attempt of which nothing is told', [CAUSE], [{ ...RUN, attempts: 2 }], /^miscounted/],
  ] as [string, Cause[], FoundRun[], RegExp][]) {
    test(`with ${wrong} is told`, () => {
      const problems = judge(causes, runs);
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? '', told);
    });
  }

  test('leaves open whether a cause without an answer happened', () => {
    const cause: Cause = { ...CAUSE, kind: 'async call', answer: 'unknown', runIds: [] };
    assert.deepEqual([judge([cause], []), judge([cause], [RUN])], [[], []]);
  });

  test('with a run that is changed after its end is told', () => {
    assert.deepEqual(changedAfterEnd([RUN], [RUN]), []);
    assert.match(changedAfterEnd([RUN], [{ ...RUN, endedAt: 'u' }])[0] ?? '', /^changed after its end/);
    assert.match(changedAfterEnd([RUN], [])[0] ?? '', /gone/);
  });
});
