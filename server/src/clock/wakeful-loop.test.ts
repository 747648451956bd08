import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { describe, test } from 'node:test';
import { startWakefulLoop, type WakefulLoop } from './wakeful-loop.ts';

const HOUR_MS = 3_600_000;

/** Passes begin with an event and end when asked to. */
function scene() {
  const passes = new EventEmitter();
  let end: (waitMs: number) => void = () => {};
  let begun = 0;
  const look = (): Promise<number> => {
    begun += 1;
    passes.emit('begun');
    return new Promise((resolve) => {
      end = resolve;
    });
  };
  return { passes, look, end: (waitMs: number) => end(waitMs), begun: () => begun };
}

describe('a wakeful loop', () => {
  let loop: WakefulLoop;

  test('looks at its start, and again when it is woken', async () => {
    const { passes, look, end } = scene();
    loop = startWakefulLoop({ look, onError: assert.fail, retryAfterMs: HOUR_MS });
    end(HOUR_MS);
    await Promise.resolve();
    const again = once(passes, 'begun');
    setImmediate(() => loop.wake());
    await again;
    end(HOUR_MS);
    await loop.stop();
  });

  test('makes one pass at a time, and none is forgotten that was asked for during another', async () => {
    const { passes, look, end, begun } = scene();
    loop = startWakefulLoop({ look, onError: assert.fail, retryAfterMs: HOUR_MS });
    loop.wake();
    loop.wake();
    assert.equal(begun(), 1);
    const again = once(passes, 'begun');
    end(HOUR_MS);
    await again;
    assert.equal(begun(), 2);
    end(HOUR_MS);
    await loop.stop();
  });

  test('goes on after a pass that failed', async () => {
    const errors: unknown[] = [];
    const passes = new EventEmitter();
    let count = 0;
    const look = async (): Promise<number> => {
      count += 1;
      if (count === 1) throw new Error('once');
      passes.emit('second');
      return HOUR_MS;
    };
    const second = once(passes, 'second');
    loop = startWakefulLoop({ look, onError: (error) => errors.push(error), retryAfterMs: 1 });
    await second;
    await loop.stop();
    assert.equal(errors.length, 1);
  });

  test('begins no pass once it is stopped', async () => {
    const { look, end, begun } = scene();
    loop = startWakefulLoop({ look, onError: assert.fail, retryAfterMs: 1 });
    const stopped = loop.stop();
    end(0);
    await stopped;
    loop.wake();
    assert.equal(begun(), 1);
  });
});
