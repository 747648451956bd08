import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogLines } from './log-lines.ts';

const texts = (log: LogLines): string[] => log.lines.map((line) => line.text);

test('a line may arrive in pieces, also inside a character', () => {
  const log = new LogLines(1000);
  const bytes = Buffer.from('grün\nblau');
  for (const byte of bytes) log.push('stdout', Buffer.from([byte]), 1);
  assert.deepEqual(texts(log), ['grün']);
  log.end(2);
  assert.deepEqual(texts(log), ['grün', 'blau']);
});

test('streams are cut apart from each other', () => {
  const log = new LogLines(1000);
  log.push('stdout', Buffer.from('a'), 1);
  log.push('stderr', Buffer.from('b\n'), 2);
  log.push('stdout', Buffer.from('c\n'), 3);
  assert.deepEqual(log.lines, [
    { at: 2, stream: 'stderr', text: 'b' },
    { at: 3, stream: 'stdout', text: 'ac' },
  ]);
});

test('what comes after the limit is counted and not kept', () => {
  const log = new LogLines(4);
  log.push('stdout', Buffer.from('ab\ncdef'), 1);
  log.push('stdout', Buffer.from('ghi\n'), 2);
  log.end(3);
  assert.deepEqual(texts(log), ['ab', 'c']);
  assert.equal(log.droppedBytes, 7);
});

test('NUL and lone surrogates, which the database can not hold, become U+FFFD', () => {
  const log = new LogLines(100);
  log.push('stdout', Buffer.from('a\0b\n'), 1);
  assert.deepEqual(texts(log), ['a\uFFFDb']);
});
