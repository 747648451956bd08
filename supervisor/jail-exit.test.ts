import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeExit } from './jail-exit.ts';

const calm = { code: 0, signal: null, oomKilled: false, memoryPeakBytes: 1024, memoryMb: 128 };

test('an exit status is handed on as it is', () => {
  assert.deepEqual(describeExit({ ...calm, code: 3 }), {
    code: 3,
    signal: null,
    outOfMemory: false,
    memoryPeakBytes: 1024,
  });
});

test("bubblewrap's 128 + n is the signal that ended the runtime", () => {
  assert.deepEqual(describeExit({ ...calm, code: 139 }).signal, 'SIGSEGV');
  assert.deepEqual(describeExit({ ...calm, code: 139 }).code, null);
});

test('a status over 128 that is no signal stays a status', () => {
  assert.equal(describeExit({ ...calm, code: 255 }).code, 255);
});

test('what the kernel killed for memory is out of memory whatever the status', () => {
  assert.equal(describeExit({ ...calm, oomKilled: true }).outOfMemory, true);
});

test('an abort is out of memory only when the memory was nearly used up', () => {
  const nearlyFull = 110 * 1024 * 1024;
  assert.equal(describeExit({ ...calm, code: 134, memoryPeakBytes: nearlyFull }).outOfMemory, true);
  assert.equal(describeExit({ ...calm, code: 134 }).outOfMemory, false);
  assert.equal(describeExit({ ...calm, code: 139, memoryPeakBytes: nearlyFull }).outOfMemory, false);
});
