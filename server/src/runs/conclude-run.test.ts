import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../sandbox/outcome.ts';
import { concludeRun } from './conclude-run.ts';
import type { ResultReader, ResultReading } from './run-adapter.ts';

const RETURNED: Outcome = { end: 'returned', result: Buffer.from('{"a":1}') };
const FAULT = { type: 'Function.MalformedResponse', message: 'no response', stack: '' };
const ANSWER = { status: 299, headers: {}, body: 'mine' };

const conclude = (outcome: Outcome, reading: ResultReading, reader: ResultReader = 'http_caller') =>
  concludeRun({ read: () => reading }, outcome, { runId: 'r', trigger: 'http', reader });

test('a result that the dialect accepts has succeeded, and is answered as the dialect says', () => {
  const { status, error, outcome, answer } = conclude(RETURNED, { fault: null, answer: ANSWER });
  assert.deepEqual([status, error, outcome, answer], ['succeeded', null, RETURNED, ANSWER]);
});

test('a result with a fault has failed, by that error', () => {
  const { status, error, outcome, answer } = conclude(RETURNED, { fault: FAULT, answer: null });
  assert.deepEqual([status, error, outcome], ['failed', FAULT, { end: 'threw', error: FAULT }]);
  assert.equal(answer?.status, 502);
});

test('what happened to a run is its status and error', () => {
  const error = { type: 'Sandbox.Timedout', message: 'late', stack: '' };
  const ended = conclude({ end: 'timed_out', error }, { fault: null, answer: null });
  assert.deepEqual([ended.status, ended.error, ended.answer?.status], ['timed_out', error, 504]);
  const lost = conclude({ end: 'platform_fault', error }, { fault: null, answer: null });
  assert.equal(lost.status, 'crashed');
});

test('the platform answers where the dialect has no rule, and nothing where nobody waits over HTTP', () => {
  const plain = { fault: null, answer: null };
  assert.deepEqual(conclude(RETURNED, plain).answer?.body, RETURNED.result);
  assert.equal(conclude(RETURNED, plain, 'noun').answer, null);
  assert.equal(conclude(RETURNED, plain, 'nobody').answer, null);
});
