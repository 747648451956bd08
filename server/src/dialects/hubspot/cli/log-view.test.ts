import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newRunId } from '../../../ids/ids.ts';
import { cursorOf, logIdOf, readCursor } from '../frame/log-id.ts';
import type { LoggedRun } from './log-store.ts';
import { viewLog } from './log-view.ts';

const run: LoggedRun = {
  id: '0196f3a0-7c1e-7abc-8def-0123456789ab',
  status: 'succeeded',
  createdAt: new Date('2026-01-01T00:00:00Z'),
  durationMs: 510.4,
  memoryMb: 128,
  memoryPeakBytes: 85 * 1024 * 1024,
  error: null,
  responseStatus: 200,
  lines: [
    { at: Date.parse('2026-01-01T00:00:01Z'), stream: 'stdout', text: 'bare' },
    {
      at: 0,
      stream: 'stdout',
      text: '2026-01-01T00:00:02.000Z\t0196f3a0-7c1e-7abc-8def-0123456789ab\tWARN\tfrom the console',
    },
  ],
  isTruncated: false,
};

describe('log', () => {
  test('a run that went well shows its lines, memory and time in the layout of the original', () => {
    const view = viewLog(run);
    assert.equal(view.status, 'SUCCESS');
    assert.equal(view.executionTime, 510);
    assert.equal(
      view.log,
      '2026-01-01T00:00:01.000Z\tINFO\tbare\n2026-01-01T00:00:02.000Z\tWARN\tfrom the console\n\nMemory: 85/128 MB\nRuntime: 510.40 ms',
    );
    assert.equal(view.error, null);
  });

  test('a failed run shows what it printed behind the message, and one frame to a list', () => {
    const stack = 'TypeError: boom\n    at f (/var/task/a.js:1:2)\n    at exports.main (/var/task/a.js:3:4)';
    const view = viewLog({ ...run, status: 'failed', error: { type: 'TypeError', message: 'boom', stack } });
    assert.equal(view.status, 'HANDLED_ERROR');
    const error = view.error as { message: string; stackTrace: string[][] };
    assert.ok(error.message.startsWith('boom\n2026-01-01T00:00:01.000Z\tINFO\tbare\n'));
    assert.deepEqual(error.stackTrace, [['f (/var/task/a.js:1:2)'], ['exports.main (/var/task/a.js:3:4)']]);
  });

  for (const [status, type] of [
    ['timed_out', 'Sandbox.Timedout'],
    ['out_of_memory', 'Runtime.OutOfMemory'],
    ['failed', 'Runtime.UserCodeSyntaxError'],
  ] as const) {
    test(`${status} by ${type} is unhandled`, () => {
      const view = viewLog({ ...run, status, error: { type, message: 'x', stack: '' } });
      assert.equal(view.status, 'UNHANDLED_ERROR');
    });
  }
});

describe('log id', () => {
  test('an id comes back from the cursor, however often it was percent-encoded', () => {
    for (const runId of [newRunId(0), newRunId(Date.now()), 'ffffffff-ffff-ffff-ffff-ffffffffffff']) {
      const cursor = cursorOf(logIdOf(runId));
      assert.equal(encodeURIComponent(cursor).includes('%3D'), false);
      for (const sent of [
        cursor,
        encodeURIComponent(cursor),
        encodeURIComponent(encodeURIComponent(cursor)),
      ]) {
        assert.equal(readCursor(sent), runId);
      }
    }
  });

  test('ids are numbers that sort as runs began', () => {
    const ids = [1, 2, 1_700_000_000_000, 2_000_000_000_000].map((ms) => logIdOf(newRunId(ms)));
    assert.deepEqual([...ids].sort(), ids);
    assert.ok(ids.every((id) => /^[0-9]{39}$/.test(id)));
  });

  test('what is no cursor is none', () => {
    for (const text of [
      'x',
      '%',
      '====',
      Buffer.from('9'.repeat(39)).toString('base64'),
      Buffer.from('-1').toString('base64'),
    ]) {
      assert.equal(readCursor(text), null);
    }
  });
});
