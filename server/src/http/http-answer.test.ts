// Headers that a function wants in its answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AnswerHeaders, excessOfMap, putHeader } from './http-answer.ts';

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

test('of a map, the values are counted: nulls are none, and those of a list each', () => {
  const names = (count: number) => Array.from({ length: count }, (_, at) => [`x-${at}`, 'v'] as const);
  assert.equal(excessOfMap({ ...Object.fromEntries(names(200)), 'x-none': null }), null);
  assert.match(excessOfMap(Object.fromEntries(names(201))) ?? '', /has 201 header lines/);
  const list = Array.from({ length: 150 }, () => 'v');
  assert.match(excessOfMap({ 'set-cookie': list, 'Set-Cookie': list }) ?? '', /has 300 header lines/);
});
