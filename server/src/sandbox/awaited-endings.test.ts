import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AwaitedEndings } from './awaited-endings.ts';

// The timers are of no use to a process that waits for nothing else.
let alive: NodeJS.Timeout;
before(() => {
  alive = setInterval(() => {}, 1_000);
});
after(() => clearInterval(alive));

let runs = 0;
function expect(awaited: AwaitedEndings, timeoutMs: number) {
  runs += 1;
  const nonce = Buffer.alloc(8);
  nonce.writeUInt32LE(runs);
  return { nonce, ending: awaited.expect({ nonce, runId: String(runs), asks: null }, timeoutMs) };
}

test('each run ends by its own time limit, whichever began first', async () => {
  const awaited = new AwaitedEndings();
  const long = expect(awaited, 60_000);
  for (const timeoutMs of [30, 5, 30]) {
    const begun = performance.now();
    const [later, sooner] = [expect(awaited, 2 * timeoutMs), expect(awaited, timeoutMs)];
    assert.deepEqual(await sooner.ending, { how: 'timeout' });
    assert.ok(performance.now() - begun >= timeoutMs);
    assert.deepEqual(await later.ending, { how: 'timeout' });
    assert.ok(performance.now() - begun >= 2 * timeoutMs);
    assert.equal(awaited.size, 1);
  }
  awaited.endAll({ how: 'cancelled' });
  assert.deepEqual(await long.ending, { how: 'cancelled' });
});

test('a run that has ended is not ended by the time of another', async () => {
  const awaited = new AwaitedEndings();
  const first = expect(awaited, 5);
  awaited.find(first.nonce)?.end({ how: 'exited', exitCode: 3 });
  const second = expect(awaited, 60_000);
  const third = expect(awaited, 20);
  assert.deepEqual(await first.ending, { how: 'exited', exitCode: 3 });
  assert.deepEqual(await third.ending, { how: 'timeout' });
  assert.equal(awaited.size, 1);
  awaited.endClosed();
  assert.deepEqual(await second.ending, { how: 'closed', hasBegun: false });
});
