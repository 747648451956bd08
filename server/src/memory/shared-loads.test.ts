import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SharedLoads } from './shared-loads.ts';

test('those who ask together share one load, and a later one loads again', async () => {
  const loads = new SharedLoads<number>();
  const kept: number[] = [];
  let asked = 0;
  const ask = async (): Promise<number> => ++asked;
  const find = (): Promise<number> => loads.load('a', ask, (value) => kept.push(value));
  assert.deepEqual(await Promise.all([find(), find()]), [1, 1]);
  assert.equal(await find(), 2);
  assert.deepEqual(kept, [1, 2]);
});

test('what was read before a change answers those who asked before it, and is not kept', async () => {
  for (const forget of ['forget', 'forgetAll'] as const) {
    const loads = new SharedLoads<string>();
    const kept: string[] = [];
    const answers: ((value: string) => void)[] = [];
    const ask = (): Promise<string> => new Promise((resolve) => answers.push(resolve));
    const before = loads.load('a', ask, (value) => kept.push(value));
    loads[forget]('a');
    const after = loads.load('a', ask, (value) => kept.push(value));
    answers[1]?.('new');
    answers[0]?.('old');
    assert.deepEqual(await Promise.all([before, after]), ['old', 'new']);
    assert.deepEqual(kept, ['new']);
  }
});

test('a load that fails fails for all who asked, and is asked again', async () => {
  const loads = new SharedLoads<number>();
  const fail = async (): Promise<number> => {
    throw new Error('lost');
  };
  const both = [1, 2].map(() => loads.load('a', fail, () => assert.fail()));
  for (const one of both) await assert.rejects(one, /lost/);
  assert.equal(
    await loads.load(
      'a',
      async () => 1,
      () => {},
    ),
    1,
  );
});
