import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newRunId } from '../ids/ids.ts';
import { type Canary, versionFor } from './canary.ts';
import type { RunnableFunction } from './function.ts';

const RUNS = 20_000;

function functionWith(canary: Omit<Canary, 'version'> | null): RunnableFunction {
  const one = { id: 'f', version: 1 } as RunnableFunction;
  return canary === null
    ? one
    : { ...one, canary: { ...canary, fn: { ...one, version: 2, isPinned: true } } };
}

const share = (fn: RunnableFunction, headersOf: (n: number) => string[] = () => []): number => {
  let canaries = 0;
  for (let n = 0; n < RUNS; n += 1)
    if (versionFor(fn, newRunId(n), headersOf(n)).version === 2) canaries += 1;
  return (canaries / RUNS) * 100;
};

describe('a canary', () => {
  test('gets its part of the runs, none at 0, and all at 100', () => {
    assert.equal(share(functionWith(null)), 0);
    for (const [percent, least, most] of [
      [0, 0, 0],
      [10, 8, 12],
      [50, 47, 53],
      [100, 100, 100],
    ] as const) {
      const seen = share(functionWith({ percent, header: null }));
      assert.ok(seen >= least && seen <= most, `${percent}: ${seen}`);
      const byHeader = share(functionWith({ percent, header: 'x-user' }), (n) => ['X-User', `user ${n}`]);
      assert.ok(byHeader >= least && byHeader <= most, `${percent}: ${byHeader}`);
    }
  });

  test('is the same for all attempts of a run, and for all calls of one caller', () => {
    const fn = functionWith({ percent: 50, header: 'x-user' });
    for (let n = 0; n < 100; n += 1) {
      const id = newRunId(n);
      assert.equal(versionFor(fn, id), versionFor(fn, id));
      const headers = ['Host', 'a', 'x-USER', `${n}`];
      assert.equal(versionFor(fn, newRunId(n), headers), versionFor(fn, newRunId(n + 1), headers));
    }
  });

  test('that has a part keeps it when the part grows', () => {
    const [few, more] = [10, 40].map((percent) => functionWith({ percent, header: null }));
    for (let n = 0; n < 1_000; n += 1) {
      const id = newRunId(n);
      if (versionFor(few as RunnableFunction, id).version === 2)
        assert.equal(versionFor(more as RunnableFunction, id).version, 2);
    }
  });
});
