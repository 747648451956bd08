import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logText } from './log-text.ts';

test('lines that a runtime has put into one stand below each other', () => {
  const at = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  const { body } = logText([
    { at, stream: 'stdout', text: '[ERROR] ValueError: no\rTraceback:\r  File "a.py", line 1' },
    { at, stream: 'platform', text: 'END' },
  ]);
  const indent = ' '.repeat(36);
  assert.equal(
    body,
    `2026-01-02T03:04:05.006Z  stdout    [ERROR] ValueError: no\n${indent}Traceback:\n${indent}  File "a.py", line 1\n` +
      '2026-01-02T03:04:05.006Z  platform  END\n',
  );
});
