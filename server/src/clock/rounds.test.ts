// Rounds of a background service: real timers, a service that counts.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test } from 'node:test';
import { startRounds, sweepInBatches } from './rounds.ts';

const HOUR_MS = 3_600_000;

test('a first round begins at once, and the end waits for it', async () => {
  let isOver = false;
  const rounds = startRounds({
    everyMs: HOUR_MS,
    round: async (stopping) => {
      await new Promise((resolve) => stopping.addEventListener('abort', resolve));
      isOver = true;
    },
    onError: assert.fail,
  });
  await rounds.stop();
  assert.equal(isOver, true);
});

test('one round goes on at a time, and one that fails is told and followed by others', async () => {
  const signals = new EventEmitter();
  const errors: unknown[] = [];
  let [atOnce, most, begun] = [0, 0, 0];
  const rounds = startRounds({
    everyMs: 1,
    round: async () => {
      begun += 1;
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise((resolve) => setTimeout(resolve, 10));
      atOnce -= 1;
      if (begun === 1) throw new Error('broken');
      signals.emit(`${begun}`);
    },
    onError: (error) => errors.push(error),
  });
  await once(signals, '3');
  await rounds.stop();
  assert.equal(most, 1);
  assert.deepEqual(errors.map(String), ['Error: broken']);
});

test('a sweep goes on until a batch is not full, or it is to stop', async () => {
  const left = [5, 5, 2, 5];
  const stopping = new AbortController();
  const batches: number[] = [];
  const remove = async (): Promise<number> => {
    const removed = left.shift() ?? 0;
    batches.push(removed);
    return removed;
  };
  assert.equal(await sweepInBatches(remove, 5, stopping.signal), 12);
  assert.deepEqual(batches, [5, 5, 2]);
  stopping.abort();
  assert.equal(await sweepInBatches(remove, 5, stopping.signal), 0);
});
