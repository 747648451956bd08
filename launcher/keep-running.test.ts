import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { COULD_NOT_START } from '../process/exit-status.ts';
import { endOf, keepRunning, pauseAfter } from './keep-running.ts';

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

  test('waits longer from its sixth quick death in a row on, a minute at most', () => {
    assert.deepEqual(
      [0, 1, 5, 6, 8, 11, 100].map(pauseAfter),
      [0, 1_000, 1_000, 2_000, 8_000, 60_000, 60_000],
    );
  });

  test('that ended is reported with how, how often, and when it comes back', () => {
    const quick = { code: 1, signal: null, livedMs: 812, quickDeaths: 7, pauseMs: 4_000 };
    assert.equal(
      endOf(quick),
      'ended with status 1 after 812 ms, 7 times in a row; the reasons stand above: it is started again in 4 s',
    );
    const killed = { code: null, signal: 'SIGKILL', livedMs: 50_000, quickDeaths: 0, pauseMs: 0 };
    assert.match(endOf(killed), /^ended by SIGKILL \(.*memory\) after 50000 ms: it is started again$/);
  });

  test('is not started again where it is stopped while it waits', async () => {
    const stopping = new AbortController();
    let lives = 0;
    const kept = keepRunning(() => {
      lives += 1;
      return spawn('sh', ['-c', 'kill -9 $$'], { stdio: 'ignore' });
    }, stopping.signal);
    while (lives < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    stopping.abort();
    await kept.stop();
    assert.deepEqual([kept.failed, lives], [false, 2]);
  });
});
