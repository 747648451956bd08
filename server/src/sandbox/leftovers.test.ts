import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Leftovers } from './leftovers.ts';

const IDLE = { stdoutBytes: 3, stderrBytes: 0 };
const [FIRST, SECOND] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)];

test('a runtime that is idle right behind the answer, before anybody waits, has not to be waited for', async () => {
  const leftovers = new Leftovers();
  leftovers.begin(FIRST);
  assert.ok(leftovers.isOf(FIRST));
  leftovers.done(IDLE);
  assert.equal(await leftovers.wait(60_000), IDLE);
});

test('that the run before was idle says nothing of this one', async () => {
  const leftovers = new Leftovers();
  leftovers.begin(FIRST);
  leftovers.done(IDLE);
  leftovers.begin(SECOND);
  assert.ok(!leftovers.isOf(FIRST));
  assert.equal(await leftovers.wait(10), null);
});

test('work lasts until the runtime is idle, its time is over, or another run has waited for a moment', async () => {
  const leftovers = new Leftovers();
  leftovers.begin(FIRST);
  const waiting = leftovers.wait(60_000);
  leftovers.done(IDLE);
  assert.equal(await waiting, IDLE);
  leftovers.begin(SECOND);
  const wanted = leftovers.wait(60_000);
  leftovers.hurry();
  assert.equal(await wanted, null);
});

test('that somebody waited for a run without leftovers hurries no later run’s', async () => {
  const leftovers = new Leftovers();
  leftovers.hurry();
  leftovers.none();
  leftovers.begin(FIRST);
  const waiting = leftovers.wait(60_000);
  // Longer than such work may keep the instance from who waits for it.
  await delay(150);
  leftovers.done(IDLE);
  assert.equal(await waiting, IDLE);
});

test('work ends with the sandbox, also where it is waited for later', async () => {
  const leftovers = new Leftovers();
  leftovers.begin(FIRST);
  const waiting = leftovers.wait(60_000);
  leftovers.end();
  assert.equal(await waiting, null);
  assert.equal(await leftovers.wait(60_000), null);
});

test('a runtime says once that it is idle: what it repeats is nobody’s', () => {
  const leftovers = new Leftovers();
  leftovers.begin(FIRST);
  leftovers.done(IDLE);
  assert.ok(!leftovers.isOf(FIRST));
});
