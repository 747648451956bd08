import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryGiver } from './give-back-memory.ts';

const MB = 1024 * 1024;

test('memory is collected once enough has passed through, one collection at a time', async () => {
  let collections = 0;
  let done = (): void => {};
  const letGo = createMemoryGiver(() => {
    collections += 1;
    return new Promise((resolve) => {
      done = resolve;
    });
  });
  letGo(100 * MB);
  assert.equal(collections, 0);
  letGo(50 * MB);
  letGo(500 * MB);
  assert.equal(collections, 1);
  done();
  await new Promise((resolve) => setImmediate(resolve));
  letGo(MB);
  assert.equal(collections, 2);
});

test('the collector collects', async () => {
  const letGo = createMemoryGiver();
  const held = new WeakRef({ large: new Array(100_000).fill(1) });
  await new Promise((resolve) => setImmediate(resolve));
  letGo(200 * MB);
  for (let turn = 0; held.deref() !== undefined && turn < 1000; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal(held.deref(), undefined);
});
