import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Leftovers } from './leftovers.ts';

const NEVER = new Promise<unknown>(() => {});
const IDLE = { stdoutBytes: 3, stderrBytes: 0 };
const [FIRST, SECOND] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)];

test('a runtime that is idle right behind the answer, before anybody waits, has not to be waited for', async () => {
  const leftovers = new Leftovers();
  leftovers.begin(FIRST);
  assert.ok(leftovers.isOf(FIRST));
  leftovers.done(IDLE);
  assert.equal(await leftovers.wait(60_000, NEVER), IDLE);
});

test('that the run before was idle says nothing of this one', async () => {
  const leftovers = new Leftovers();
  leftovers.begin(FIRST);
  leftovers.done(IDLE);
  leftovers.begin(SECOND);
  assert.ok(!leftovers.isOf(FIRST));
  assert.equal(await leftovers.wait(10, NEVER), null);
});

test('work lasts until the runtime is idle, its time is over, or another run has waited for a moment', async () => {
  const leftovers = new Leftovers();
  leftovers.begin(FIRST);
  const waiting = leftovers.wait(60_000, NEVER);
  leftovers.done(IDLE);
  assert.equal(await waiting, IDLE);
  leftovers.begin(SECOND);
  const wanted = leftovers.wait(60_000, NEVER);
  leftovers.hurry();
  assert.equal(await wanted, null);
});
