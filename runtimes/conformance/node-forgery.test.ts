// What the user's code can't do to the frames of a Node runtime, whatever it patches or reaches for.
import assert from 'node:assert/strict';
import { FRAME, splitPayload } from '../../contract/frames.cjs';
import { testOnEngines } from './engines.ts';
import type { ErrorObject } from './runtime-process.ts';

testOnEngines('patched JSON changes neither events nor results nor errors', async (start) => {
  const runtime = await start('patches-json.handler');
  const outcome = await runtime.run({ n: 5 });
  assert.deepEqual([outcome.ok, outcome.body], [true, 5]);
  const error = (await runtime.run({ fail: true })).body as ErrorObject;
  assert.deepEqual([error.errorType, error.errorMessage], ['Error', 'real']);
});

testOnEngines('a patched Promise.prototype.then changes no outcome', async (start) => {
  const runtime = await start('patches-promise.handler');
  for (const event of ['a', 'b']) assert.equal((await runtime.run(event)).body, event);
});

testOnEngines('patched prototypes neither see nor change the frame of a result', async (start) => {
  const runtime = await start('patches-prototypes.handler');
  const outcome = await runtime.run('first');
  assert.deepEqual(outcome.body, { seen: [], event: 'first' });
  assert.match(await runtime.stdoutUpTo(outcome.head.stdoutBytes), /\trun-1\tINFO\tpatched\n/);
});

testOnEngines('patched prototypes change no error', async (start) => {
  const runtime = await start('patches-prototypes.handler');
  const error = (await runtime.run('error')).body as ErrorObject;
  assert.deepEqual([error.errorType, error.errorMessage], ['Error', 'real error']);
  assert.equal(error.trace[0], 'Error: real error');
});

testOnEngines('the runtime’s modules can’t be reached from the user’s', async (start) => {
  const runtime = await start('looks-for-the-runtime.handler');
  assert.deepEqual((await runtime.run()).body, { cached: [], exports: 0 });
});

testOnEngines('a frame that the user’s code writes itself lacks the run’s nonce', async (start) => {
  const runtime = await start('writes-frames-to-the-socket.handler');
  const nonce = runtime.invoke(null);
  const forged = await runtime.nextFrame();
  assert.equal(forged?.nonce.equals(nonce), false);
  const real = await runtime.nextFrame();
  assert.equal(real?.type, FRAME.RESULT);
  assert.equal(real.nonce.equals(nonce), true);
  assert.equal(splitPayload(real.payload).body.toString(), '"real"');
});

testOnEngines('a child process doesn’t inherit the control socket', async (start) => {
  const runtime = await start('child-inherits-nothing.handler');
  assert.deepEqual((await runtime.run()).body, { isSocket: true, some: true, inherited: false });
});
