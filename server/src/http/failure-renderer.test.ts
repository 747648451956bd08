import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Failure } from '../errors/failure.ts';
import { renderPlainFailure } from './failure-renderer.ts';

describe('the plain envelope', () => {
  test('has the field at fault and the facts where there are any', () => {
    const details = { message: 'too large', field: 'file', facts: { limitBytes: 5 } };
    const { status, body } = renderPlainFailure(new Failure('payload_too_large', details), 'abcdefg');
    assert.equal(status, 413);
    assert.deepEqual(body, {
      error: { code: 'payload_too_large', ...details, reference: 'abcdefg' },
    });
  });

  test('has neither where there is none, and never the cause', () => {
    const failure = new Failure('not_found', { message: 'nothing here', cause: new Error('secret') });
    const { body } = renderPlainFailure(failure, 'abcdefg');
    assert.deepEqual(body, {
      error: { code: 'not_found', message: 'nothing here', reference: 'abcdefg' },
    });
  });
});
