import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { claimRoom, type InHand } from './claim-room.ts';

const LIMITS = { workerRuns: 40, instancesPerFunction: 10, runsPerAccount: 100 };
const NONE: InHand = {
  ...{ functions: new Map(), accounts: new Map(), going: new Map(), worth: new Map(), meanMs: new Map() },
  total: 0,
};

describe('the room of a worker', () => {
  test('leaves a quarter of a function’s instances to calls, and of its own places to other accounts', () => {
    assert.deepEqual(claimRoom(LIMITS, NONE), {
      ...{ runs: 40, ofFunction: 7, ofAccount: 30, functions: {}, accounts: {} },
    });
  });

  test('shrinks by what is in hand', () => {
    const inHand = { ...NONE, functions: new Map([['f', 7]]), accounts: new Map([['A', 7]]), total: 7 };
    const room = claimRoom(LIMITS, inHand);
    assert.deepEqual([room.runs, room.functions, room.accounts], [33, { f: 0 }, { A: 23 }]);
  });

  test('lets short runs be claimed ahead, others not', () => {
    const functions = new Map([
      ['short', 7],
      ['long', 7],
    ]);
    const meanMs = new Map([
      ['short', 2],
      ['long', 2000],
    ]);
    assert.deepEqual(claimRoom(LIMITS, { ...NONE, functions, meanMs }).functions, { short: 24, long: 0 });
  });

  test('is none for an account whose calls fill its own limit', () => {
    const room = claimRoom(LIMITS, { ...NONE, going: new Map([['A', 100]]) });
    assert.deepEqual(room.accounts, { A: 0 });
  });

  test('is one at least, however small the limits', () => {
    const room = claimRoom({ workerRuns: 1, instancesPerFunction: 1, runsPerAccount: 1 }, NONE);
    assert.deepEqual([room.runs, room.ofFunction, room.ofAccount], [1, 1, 1]);
  });
});
