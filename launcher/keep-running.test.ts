import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { COULD_NOT_START } from '../process/exit-status.ts';
import { keepRunning } from './keep-running.ts';

/** @param statuses of its lives, one after the other; after them it lives on */
function keep(statuses: number[]) {
  const stopping = new AbortController();
  let lives = 0;
  const { promise: livesOn, resolve } = Promise.withResolvers<void>();
  const start = () => {
    const status = statuses[lives];
    lives += 1;
    if (status !== undefined) return spawn('sh', ['-c', `exit ${status}`], { stdio: 'ignore' });
    const child = spawn('sleep', ['600'], { stdio: ['ignore', 'ignore', 'ignore'] });
    void once(child, 'spawn').then(() => resolve());
    return child;
  };
  return { kept: keepRunning(start, stopping.signal), stopping, livesOn, lives: () => lives };
}

describe('a process that is kept running', () => {
  test('is not started again when it says that it can’t start', async () => {
    const { kept, lives } = keep([COULD_NOT_START]);
    await kept.ended;
    assert.deepEqual([kept.failed, lives()], [true, 1]);
  });

  test('is started again when its first start meets what nobody had foreseen', async () => {
    const { kept, stopping, livesOn, lives } = keep([1, 1]);
    await livesOn;
    assert.deepEqual([kept.failed, lives()], [false, 3]);
    stopping.abort();
    await kept.stop();
  });

  test('is given up when it dies at once every time', async () => {
    const { kept, lives } = keep([1, 1, 1, 1, 1]);
    await kept.ended;
    assert.deepEqual([kept.failed, lives()], [true, 5]);
  });
});
