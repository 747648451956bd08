import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineReader, LineTooLongError } from './line-reader.ts';

test('lines are whole however the bytes arrive', () => {
  const reader = new LineReader(10);
  assert.deepEqual(reader.push(Buffer.from('ab')), []);
  assert.deepEqual(reader.push(Buffer.from('c\nd\n\ne')), ['abc', 'd', '']);
  assert.deepEqual(reader.push(Buffer.from('\n')), ['e']);
});

test('a line over the limit is refused, ended or not', () => {
  assert.throws(() => new LineReader(3).push(Buffer.from('abcd')), LineTooLongError);
  assert.throws(() => new LineReader(3).push(Buffer.from('abcd\n')), LineTooLongError);
  assert.deepEqual(new LineReader(3).push(Buffer.from('abc\n')), ['abc']);
});
