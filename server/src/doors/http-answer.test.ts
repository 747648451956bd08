// Headers that a function wants in its answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AnswerHeaders, putHeader } from './http-answer.ts';

test('a header is set by its lower-case name, the last one counts, and no values are no header', () => {
  const headers: AnswerHeaders = {};
  assert.equal(putHeader(headers, 'X-One', ['1']), true);
  assert.equal(putHeader(headers, 'x-ONE', ['2', '3']), true);
  assert.equal(putHeader(headers, 'Set-Cookie', ['a=1']), true);
  assert.equal(putHeader(headers, 'set-cookie', []), true);
  assert.deepEqual(headers, { 'x-one': ['2', '3'] });
});

test('what describes the connection stays ours', () => {
  const headers: AnswerHeaders = {};
  for (const name of ['Content-Length', 'transfer-encoding', 'Connection', 'Upgrade', 'TE']) {
    assert.equal(putHeader(headers, name, ['1']), true);
  }
  assert.deepEqual(headers, {});
});

test('a name or value that would begin another line is refused, and nothing of it is set', () => {
  const headers: AnswerHeaders = {};
  assert.equal(putHeader(headers, 'x-a\r\nx-b', ['1']), false);
  assert.equal(putHeader(headers, 'x-a', ['1', '2\r\nx-b: 3']), false);
  assert.equal(putHeader(headers, '', ['1']), false);
  assert.deepEqual(headers, {});
});
