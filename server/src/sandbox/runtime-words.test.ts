import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as frames from '../../../contract/frames.cjs';
import { outcomeOfFrame, readOutcomeHead } from './runtime-words.ts';

const result = (text: string) => outcomeOfFrame(frames.FRAME.RESULT, Buffer.from(text));

test('a result is handed on as it came, large and deep ones too', () => {
  for (const text of ['null', `"${'['.repeat(6_000_000)}"`, `${'['.repeat(190_000)}${']'.repeat(190_000)}`]) {
    const outcome = result(text);
    assert.ok(outcome.end === 'returned');
    assert.equal(outcome.result.toString(), text);
  }
});

test('a result that would take longer to be read than to be made is the function’s error', () => {
  for (const text of [`[${'{},'.repeat(200_000)}{}]`, '['.repeat(3_000_000)]) {
    const outcome = result(text);
    assert.ok(outcome.end === 'threw');
    assert.equal(outcome.error.type, 'Function.ResponseTooComplex');
    assert.equal(outcome.error.message, 'the result must not hold more than 400000 values');
  }
});

test('an error of full memory is out of memory in the runtime’s word, and keeps the code’s own', () => {
  const head = readOutcomeHead(Buffer.from('{"fatal":true,"outOfMemory":true}'));
  const body = Buffer.from('{"errorType":"java.lang.OutOfMemoryError","errorMessage":"Java heap space"}');
  assert.deepEqual(outcomeOfFrame(frames.FRAME.ERROR, body, head), {
    end: 'out_of_memory',
    error: { type: 'java.lang.OutOfMemoryError', message: 'Java heap space', stack: '' },
  });
});

test('a head is read anew wherever it differs from the one before', () => {
  const read = (text: string) => readOutcomeHead(Buffer.from(text));
  for (const stdoutBytes of [0, 0, 7, 0])
    assert.equal(read(`{"stdoutBytes":${stdoutBytes},"stderrBytes":0}`).stdoutBytes, stdoutBytes);
  assert.equal(read(`{"stdoutBytes":5,"more":"${'x'.repeat(1_000)}"}`).stdoutBytes, 5);
  assert.throws(() => read('no JSON'), /not JSON/);
  assert.throws(() => read('no JSON'), /not JSON/);
});
