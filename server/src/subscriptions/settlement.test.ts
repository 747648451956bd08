import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliverySettlementOf, endOfRun } from './delivery-settlement.ts';

const run = (result: unknown, status: 'succeeded' | 'timed_out' = 'succeeded') => ({
  ...{ id: 'r', status, error: null },
  result: result === undefined ? null : JSON.stringify(result),
});

test('a run that answers with a status is judged by it, one that just returns has taken the event', () => {
  for (const result of [
    undefined,
    null,
    'text',
    { done: true },
    { statusCode: 204 },
    { statusCode: '200' },
  ]) {
    assert.equal(endOfRun(run(result)).end, 'delivered', JSON.stringify(result));
  }
  assert.equal(endOfRun(run({ statusCode: 500, body: 'no' })).end, 'failed');
  assert.equal(endOfRun(run({ statusCode: 302 })).end, 'failed');
  assert.equal(endOfRun(run(null, 'timed_out')).end, 'failed');
});

test('a delivery is failed once no attempt is left, and tells why together with what was amiss', () => {
  const failed = { end: 'failed', reason: 'no', retryAfterMs: null, isFinal: false } as const;
  assert.deepEqual(deliverySettlementOf(failed, { attempts: 10, debug: 'link', chance: 0 }), {
    ...{ status: 'failed', nextAfterMs: null, debug: 'no\nlink' },
  });
  assert.equal(deliverySettlementOf(failed, { attempts: 1, debug: null, chance: 0 }).status, 'retry');
  assert.deepEqual(
    deliverySettlementOf({ end: 'delivered', remark: null }, { attempts: 1, debug: null, chance: 0 }),
    {
      ...{ status: 'delivered', nextAfterMs: null, debug: null },
    },
  );
});
