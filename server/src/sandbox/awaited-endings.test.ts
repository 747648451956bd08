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
  const ended: string[] = [];
  const wait = async (name: string, timeoutMs: number): Promise<void> => {
    const begun = performance.now();
    assert.deepEqual(await expect(awaited, timeoutMs).ending, { how: 'timeout' });
    assert.ok(performance.now() - begun >= timeoutMs);
    ended.push(name);
  };
  await Promise.all([wait('last', 400), wait('first', 5), wait('second', 200)]);
  assert.deepEqual(ended, ['first', 'second', 'last']);
  assert.equal(awaited.size, 0);
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
