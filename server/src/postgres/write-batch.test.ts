// What becomes of a batch of which one is bad, and of one that an outage meets. No database: what is written
// is a list.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeBatch } from './write-batch.ts';

const OUTAGE = Object.assign(new Error('the administrator ends this connection'), { code: '57P01' });
const REFUSAL = Object.assign(new Error('no such value'), { code: '22P02' });

/** Numbers are written, but not 0; an outage begins with the given write. */
function scene(outageAt = Number.POSITIVE_INFINITY) {
  const [written, refused, outages]: [number[][], number[], unknown[]] = [[], [], []];
  let writes = 0;
  return {
    ...{ written, refused, outages },
    parts: {
      async write(items: readonly number[]) {
        writes += 1;
        if (writes >= outageAt) throw OUTAGE;
        if (items.includes(0)) throw REFUSAL;
        written.push([...items]);
      },
      async refused(item: number) {
        refused.push(item);
        return false;
      },
      onOutage: (error: unknown) => void outages.push(error),
    },
  };
}

test('a batch is written as one', async () => {
  const { parts, written } = scene();
  assert.deepEqual([...(await writeBatch([1, 2, 3], parts))], [1, 2, 3]);
  assert.deepEqual(written, [[1, 2, 3]]);
});

test('a bad one is left, and the others are written', async () => {
  const { parts, written, refused } = scene();
  assert.deepEqual([...(await writeBatch([1, 0, 2], parts))], [1, 2]);
  assert.deepEqual([written, refused], [[[1], [2]], [0]]);
});

test('an outage refuses nothing: what comes behind it stays, and no write is tried in vain', async () => {
  for (const [outageAt, done] of [
    [1, []],
    [3, [1]],
  ] as const) {
    const { parts, refused, outages } = scene(outageAt);
    assert.deepEqual([...(await writeBatch([1, 2, 0], parts))], done);
    assert.deepEqual([refused, outages], [[], [OUTAGE]]);
  }
});

test('what is no fault of the database is thrown', async () => {
  const broken = new TypeError('broken');
  const refused = (): never => {
    throw broken;
  };
  await assert.rejects(writeBatch([0], { ...scene().parts, refused }), broken);
});
