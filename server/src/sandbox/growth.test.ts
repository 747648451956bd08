import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  expectedWaitMs,
  newPace,
  noteRun,
  type PoolLoad,
  tolerableWaitMs,
  wantsOneInStock,
} from './growth.ts';

function loadOf(change: Partial<PoolLoad> & { runMs?: number | null; runs?: number } = {}): PoolLoad {
  const { runMs = 100, runs = 100, ...load } = change;
  const pace = { ...newPace(0), runMs, runs };
  return { reuse: 'warm', places: 1, waiting: 1, members: 2, starting: 0, pace, ...load };
}

test('the last in the queue waits for all before it, shared among all places', () => {
  assert.equal(expectedWaitMs(loadOf({ waiting: 4 })), 200);
  assert.equal(expectedWaitMs(loadOf({ waiting: 4, places: 10 })), 20);
});

test('without an instance the wait has no end, and of few runs nothing is foretold', () => {
  assert.equal(expectedWaitMs(loadOf({ members: 0 })), Number.POSITIVE_INFINITY);
  assert.equal(expectedWaitMs(loadOf({ members: 0, starting: 1 })), 0);
  assert.equal(expectedWaitMs(loadOf({ runs: 49 })), 0);
  assert.equal(expectedWaitMs(loadOf({ runMs: null })), 0);
});

test('few instances make a short wait too long, many don’t', () => {
  assert.ok(tolerableWaitMs(loadOf()) < tolerableWaitMs(loadOf({ members: 1000 })));
  assert.ok(tolerableWaitMs(loadOf({ reuse: 'none' })) > tolerableWaitMs(loadOf({ members: 1000 })));
});

test('one stands by where the next run would wait too long', () => {
  assert.equal(wantsOneInStock(loadOf()), true);
  assert.equal(wantsOneInStock(loadOf({ runMs: 0.3 })), false);
  assert.equal(wantsOneInStock(loadOf({ places: 100 })), false);
  assert.equal(wantsOneInStock(loadOf({ runMs: null })), false);
});

test('no more than one is on its way ahead of need, and none where every run is a fork', () => {
  assert.equal(wantsOneInStock(loadOf({ starting: 1 })), false);
  assert.equal(wantsOneInStock(loadOf({ reuse: 'none' })), false);
});

test('the average follows the newest runs slowly', () => {
  const pace = newPace(0);
  noteRun(pace, 0, 100);
  noteRun(pace, 100, 300);
  assert.deepEqual([pace.runMs, pace.runs, pace.lastFreeAt], [110, 2, 300]);
});
