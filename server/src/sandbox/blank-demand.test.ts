import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type BlankClass,
  type BlankLimits,
  classOf,
  type Demand,
  isSameClass,
  planBlanks,
  type WaitingBlank,
  withDemand,
} from './blank-demand.ts';

const limits = { memoryMb: 256, tmpMb: 512, cpuPercent: 100, pids: 64, openFiles: 256 };
const small: BlankClass = { engine: 'node-20', limits };
const large: BlankClass = { engine: 'node-20', limits: { ...limits, memoryMb: 1024 } };
const newer: BlankClass = { engine: 'node-24', limits };
const MINUTE_MS = 60_000;

function demandsOf(...uses: [BlankClass, number][]): Demand[] {
  return uses.reduce<Demand[]>(
    (demands, [one, lastUsedAt]) => withDemand(demands, { class: one, lastUsedAt }),
    [],
  );
}

test('a class is everything but the sandbox, its account and its code', () => {
  const spec = {
    id: 'a',
    accountId: '1',
    bundleHash: 'b'.repeat(64),
    layerHash: null,
    egressDeny: [],
    ...small,
  };
  assert.deepEqual(classOf(spec), small);
  assert.ok(isSameClass(classOf(spec), classOf({ ...spec, id: 'c', accountId: '2' })));
  assert.ok(!isSameClass(small, large) && !isSameClass(small, newer));
});

/** Classes in the order in which they are started, until nothing more is wanted; each holds 40 MiB. */
function filled(demands: Demand[], limits: BlankLimits): BlankClass[] {
  const waiting: WaitingBlank[] = [];
  for (;;) {
    const { end, start } = planBlanks(demands, waiting, { ...limits, startMb: 64 });
    assert.deepEqual(end, []);
    if (start === null) return waiting.map((blank) => blank.class);
    waiting.push({ class: start, heldMb: 40 });
  }
}

test('a single class gets every place', () => {
  assert.deepEqual(filled(demandsOf([small, 0], [small, 5]), { most: 2, budgetMb: 1000 }), [small, small]);
});

test('several classes share the places, the latest first', () => {
  const demands = demandsOf([small, 0], [large, 1], [newer, 2]);
  assert.deepEqual(filled(demands, { most: 1, budgetMb: 1000 }), [newer]);
  assert.deepEqual(filled(demands, { most: 2, budgetMb: 1000 }), [newer, large]);
  assert.deepEqual(filled(demands, { most: 4, budgetMb: 1000 }), [newer, newer, large, small]);
});

test('none is started that might not fit into the budget, and what has outgrown it ends', () => {
  const demands = demandsOf([small, 0]);
  assert.deepEqual(filled(demands, { most: 9, budgetMb: 150 }), [small, small, small]);
  assert.deepEqual(filled(demands, { most: 9, budgetMb: 63 }), []);
  const grown = [100, 100].map((heldMb) => ({ class: small, heldMb }));
  assert.deepEqual(planBlanks(demands, grown, { most: 2, budgetMb: 150, startMb: 64 }), {
    end: [grown[1]],
    start: null,
  });
});

test('a waiting sandbox of a class that lost its place ends, the youngest first', () => {
  const waiting = [1, 2].map((heldMb) => ({ class: small, heldMb }));
  const demands = demandsOf([small, 0], [large, 1]);
  const plan = planBlanks(demands, waiting, { most: 2, budgetMb: 1000, startMb: 64 });
  assert.deepEqual(plan, { end: [waiting[1]], start: large });
  assert.deepEqual(planBlanks([], waiting, { most: 2, budgetMb: 1000, startMb: 64 }), {
    end: waiting,
    start: null,
  });
});

test('a class that nobody asked for during ten minutes is forgotten', () => {
  const demands = demandsOf([small, 0], [large, 2 * MINUTE_MS], [newer, 10 * MINUTE_MS]);
  assert.deepEqual(
    demands.map((demand) => demand.class),
    [newer, large],
  );
});

test('without places none is wanted', () => {
  assert.deepEqual(filled(demandsOf([small, 0]), { most: 0, budgetMb: 1000 }), []);
});
