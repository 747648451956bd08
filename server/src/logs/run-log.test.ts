import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LoggedRun, runLog } from './run-log.ts';

const run: LoggedRun = {
  id: '0190b3a0-0000-7000-8000-000000000000',
  status: 'succeeded',
  memoryMb: 128,
  createdAtMs: 1,
  startedAtMs: 2,
  endedAtMs: 5,
  durationMs: 12.341,
  initMs: null,
  memoryPeakBytes: 40 * 1024 * 1024,
  error: null,
};
const texts = (log: ReturnType<typeof runLog>): string[] => log.map((line) => line.text);

test('the function’s lines stand between START and END, REPORT comes last', () => {
  assert.deepEqual(texts(runLog(run, [{ at: 3, stream: 'stdout', text: 'hello' }], false)), [
    `START RequestId: ${run.id} Version: $LATEST`,
    'hello',
    `END RequestId: ${run.id}`,
    `REPORT RequestId: ${run.id}\tDuration: 12.34 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB\t`,
  ]);
});

test('a cold start tells its duration', () => {
  assert.match(
    texts(runLog({ ...run, initMs: 101.22 }, [], false)).at(-1) ?? '',
    /Init Duration: 101\.22 ms\t$/,
  );
});

test('the words for a time-out follow REPORT', () => {
  const message = '2026-01-01T00:00:00.000Z x Task timed out after 3.00 seconds';
  assert.equal(texts(runLog({ ...run, status: 'timed_out', error: { message } }, [], false)).at(-1), message);
});

test('a cut log says so, a run that is going on has no end', () => {
  assert.equal(texts(runLog(run, [], true)).length, 4);
  assert.equal(texts(runLog({ ...run, endedAtMs: null }, [], true)).length, 1);
});
