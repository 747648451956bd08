import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FreshCopy } from './fresh-copy.ts';

test('what is read after a change is the value when its refresh resolves, whatever was being read before', async () => {
  const readings: ((value: string) => void)[] = [];
  let isFirst = true;
  const copy = await FreshCopy.open<string>(
    () => {
      if (!isFirst) return new Promise((resolve) => readings.push(resolve));
      isFirst = false;
      return Promise.resolve('first');
    },
    () => assert.fail(),
  );
  const before = copy.refresh();
  await Promise.resolve();
  const after = [copy.refresh(), copy.refresh()];
  readings[0]?.('before the change');
  await before;
  assert.equal(copy.value, 'before the change');
  readings[1]?.('after the change');
  await Promise.all(after);
  assert.equal(copy.value, 'after the change');
  assert.equal(readings.length, 2);
});

test('a reading that failed is told, and leaves the value', async () => {
  const told: unknown[] = [];
  let isLost = false;
  const copy = await FreshCopy.open(
    async () => {
      if (isLost) throw new Error('lost');
      return 1;
    },
    (error) => told.push(error),
  );
  isLost = true;
  await assert.rejects(copy.refresh(), /lost/);
  assert.equal(copy.value, 1);
  assert.equal(told.length, 1);
  isLost = false;
  await copy.refresh();
});
