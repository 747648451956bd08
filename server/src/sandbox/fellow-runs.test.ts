import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeAmongFellows } from './fellow-runs.ts';
import { exitError, memoryError, type Outcome } from './outcome.ts';

const EXIT = { code: 1, signal: null, outOfMemory: false, memoryPeakBytes: null };
const CRASHED: Outcome = { end: 'crashed', error: exitError('a', EXIT) };
const A = { runId: 'a', exit: EXIT };

function wordsOf(outcome: Outcome): [string, string, string] {
  assert.ok(outcome.end !== 'returned');
  return [outcome.end, outcome.error.type, outcome.error.message];
}

test('a run that had its instance for itself is told what it was always told', () => {
  assert.equal(outcomeAmongFellows(CRASHED, { others: 0, causeRunId: null }, A), CRASHED);
});

test('the run that ended the instance is told how many it took along', () => {
  assert.deepEqual(wordsOf(outcomeAmongFellows(CRASHED, { others: 1, causeRunId: 'a' }, A)), [
    'crashed',
    'Runtime.ExitError',
    'RequestId: a Error: Runtime exited with error: exit status 1 (1 other run in the same instance ended with it)',
  ]);
});

test('the others are told which run it was', () => {
  assert.deepEqual(wordsOf(outcomeAmongFellows(CRASHED, { others: 2, causeRunId: 'b' }, A)), [
    'crashed',
    'Runtime.SharedExit',
    'RequestId: a Error: another run ended the instance that both were in: RequestId: b Error: Runtime exited with error: exit status 1',
  ]);
});

test('where it can’t be known, nobody is blamed', () => {
  const outcome: Outcome = { end: 'out_of_memory', error: memoryError('a', 128) };
  const [end, type, message] = wordsOf(outcomeAmongFellows(outcome, { others: 3, causeRunId: null }, A));
  assert.deepEqual([end, type], ['out_of_memory', 'Runtime.OutOfMemory']);
  assert.match(
    message,
    / \(3 other runs in the same instance ended with it: which of them caused it is unknown\)$/,
  );
});

test('a fault of the platform stays one', () => {
  const lost: Outcome = {
    end: 'platform_fault',
    error: { type: 'Platform.SandboxLost', message: 'x', stack: '' },
  };
  assert.equal(outcomeAmongFellows(lost, { others: 3, causeRunId: 'b' }, A), lost);
});
