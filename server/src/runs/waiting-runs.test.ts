import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Run } from './run.ts';
import type { RecordedRun } from './run-store.ts';
import { WaitingRuns } from './waiting-runs.ts';

const LIMITS = { runs: 100, bytes: 100_000, batchRuns: 10, batchBytes: 20_000 };

function recorded(id: string, logBytes = 0, part: Partial<Run> = {}): RecordedRun {
  const run: Run = {
    ...{ id, accountId: 'AA0001', mode: 'live', functionId: 'f', version: 1, trigger: 'http', cause: {} },
    ...{ status: 'succeeded', attempts: 1, memoryMb: 256, createdAtMs: 1, startedAtMs: 1, endedAtMs: 2 },
    ...{ durationMs: 1, initMs: null, memoryPeakBytes: null, error: null, engine: null, responseStatus: 200 },
    ...part,
  };
  const lines = logBytes === 0 ? [] : [{ at: 1, stream: 'stdout' as const, text: 'x'.repeat(logBytes) }];
  return { run, lines, truncated: false };
}
const idsOf = (batch: RecordedRun[]): string[] => batch.map(({ run }) => run.id);

describe('waiting runs', () => {
  test('leave in order, no more at a time than a batch may hold', () => {
    const waiting = new WaitingRuns(LIMITS);
    for (let at = 0; at < 12; at += 1) waiting.push(recorded(`${at}`));
    assert.equal(waiting.batch().length, 10);
    assert.equal(waiting.batch()[0]?.run.id, '0');
    waiting.drop(10);
    assert.deepEqual(idsOf(waiting.batch()), ['10', '11']);
  });

  test('leave in batches of bounded bytes; a larger one goes alone', () => {
    const waiting = new WaitingRuns(LIMITS);
    for (const [at, bytes] of [9000, 9000, 30_000, 5].entries()) waiting.push(recorded(`${at}`, bytes));
    assert.deepEqual(idsOf(waiting.batch()), ['0']);
    waiting.drop(1);
    assert.deepEqual(idsOf(waiting.batch()), ['1']);
    waiting.drop(1);
    assert.deepEqual(idsOf(waiting.batch()), ['2']);
    waiting.drop(1);
    assert.deepEqual(idsOf(waiting.batch()), ['3']);
  });

  test('have no run twice in a batch', () => {
    const waiting = new WaitingRuns(LIMITS);
    for (const id of ['a', 'b', 'a']) waiting.push(recorded(id));
    assert.deepEqual(idsOf(waiting.batch()), ['a', 'b']);
    waiting.drop(2);
    assert.deepEqual(idsOf(waiting.batch()), ['a']);
  });

  test('lose their logs to a note before they lose themselves, and are full at last', () => {
    const waiting = new WaitingRuns(LIMITS);
    let pushed = 0;
    while (!waiting.isFull) {
      const error = { type: 'E', message: 'm', stack: 's'.repeat(50_000) };
      waiting.push(recorded(`${pushed}`, 20_000, { error: pushed === 5 ? error : null }));
      pushed += 1;
    }
    assert.ok(pushed > 20 && pushed <= 100, `${pushed} were taken`);
    const batches: RecordedRun[] = [];
    for (let batch = waiting.batch(); batch.length > 0; batch = waiting.batch()) {
      batches.push(...batch);
      waiting.drop(batch.length);
    }
    const texts = batches.map(({ lines }) => lines[0]?.text ?? '');
    assert.deepEqual(
      texts.map((text) => text.length > 1000),
      texts.map((_, at) => at < 3),
    );
    assert.match(texts.at(-1) ?? '', /^\[millrace\] the log of this run was not kept/);
    assert.equal(batches[5]?.run.error?.stack.length, 2000);
    assert.equal(waiting.isFull, false);
  });

  test('give no note to a run that printed nothing', () => {
    const waiting = new WaitingRuns({ ...LIMITS, bytes: 1 });
    waiting.push(recorded('a'));
    assert.deepEqual(waiting.batch()[0]?.lines, []);
  });
});
