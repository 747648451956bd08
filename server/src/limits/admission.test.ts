import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Admission } from './admission.ts';

test('an account at its limit is refused, another is not', () => {
  const admission = new Admission(2);
  admission.enter('AA0000');
  admission.enter('AA0000');
  assert.throws(() => admission.enter('AA0000'), { code: 'too_many_runs' });
  admission.enter('BB0000');
  assert.equal(admission.total, 3);
});

test('a run that leaves makes room for the next', () => {
  const admission = new Admission(1);
  admission.enter('AA0000');
  admission.leave('AA0000');
  admission.enter('AA0000');
  assert.equal(admission.total, 1);
});
