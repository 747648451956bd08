import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../errors/failure.ts';
import { afterRouteFailure, MOST_TRIES } from './route-retry.ts';

test('a defect is tried again ever later, and then the event is set aside', () => {
  const waits: number[] = [];
  let tries = 0;
  for (;;) {
    const verdict = afterRouteFailure(new TypeError("can't read x of undefined"), tries);
    tries = verdict.tries;
    if (verdict.next === 'set_aside') {
      assert.match(verdict.reason, /in 8 tries/);
      assert.doesNotMatch(verdict.reason, /undefined/);
      break;
    }
    waits.push(verdict.afterS);
  }
  assert.deepEqual(waits, [2, 4, 8, 16, 32, 64, 128]);
  assert.equal(tries, MOST_TRIES);
});

test('want of room is waited for, however long it lasts', () => {
  const full = new Failure('too_many_runs', { message: 'the account has 5 runs waiting' });
  assert.deepEqual(afterRouteFailure(full, 3), { next: 'again', afterS: 10, tries: 3 });
});

test('what can never pass is set aside at once, with its reason', () => {
  const tooLarge = new Failure('payload_too_large', { message: 'at most 5 bytes' });
  assert.deepEqual(afterRouteFailure(tooLarge, 0), {
    next: 'set_aside',
    tries: 1,
    reason: 'at most 5 bytes',
  });
});
