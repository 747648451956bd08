import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RetryPolicy } from '../functions/function.ts';
import { type AttemptEnd, planRetry } from './retry-plan.ts';

const END: AttemptEnd = { status: 'failed', isPlatformFault: false, faults: 0, platformFaults: 0 };

/** Delays of a run that always ends like that, in ms, and its final state. */
function life(policy: RetryPolicy, end: Partial<AttemptEnd>, chance = 0.5): [number[], string] {
  const delays: number[] = [];
  for (let tries = 0; ; tries += 1) {
    const counted = end.isPlatformFault === true ? { platformFaults: tries } : { faults: tries };
    const plan = planRetry(policy, { ...END, ...end, ...counted }, chance);
    if (plan.next === 'end') return [delays, plan.status];
    delays.push(plan.afterMs);
  }
}

describe('a retry plan', () => {
  test('of no policy ends the run in the state of its only attempt', () => {
    for (const status of ['failed', 'timed_out', 'out_of_memory', 'crashed'] as const) {
      assert.deepEqual(life({ preset: 'none' }, { status }), [[], status]);
    }
  });

  test('of lambda tries again after one minute and after two', () => {
    assert.deepEqual(life({ preset: 'lambda' }, {}), [[60_000, 120_000], 'dead']);
  });

  test('of webhook lasts three days', () => {
    const [delays, status] = life({ preset: 'webhook' }, {});
    assert.deepEqual(
      delays.map((ms) => ms / 60_000),
      [5 / 60, 5, 30, 120, 300, 600, 840, 1200, 1440],
    );
    assert.equal(status, 'dead');
  });

  test('leaves its jitter to chance, around the delay', () => {
    const policy: RetryPolicy = { delaysS: [10], jitter: 0.5, faults: ['failed'] };
    assert.deepEqual([life(policy, {}, 0)[0], life(policy, {}, 1)[0]], [[7500], [12_500]]);
  });

  test('tries again only what the policy names', () => {
    const policy: RetryPolicy = { delaysS: [1], jitter: 0, faults: ['timed_out'] };
    assert.deepEqual(life(policy, { status: 'timed_out' }), [[1000], 'dead']);
    assert.deepEqual(life(policy, { status: 'failed' }), [[], 'failed']);
  });

  test('ends at once what has succeeded or was cancelled', () => {
    for (const status of ['succeeded', 'cancelled'] as const) {
      assert.deepEqual(life({ preset: 'webhook' }, { status }), [[], status]);
    }
  });

  test('gives the platform’s faults tries of their own, bounded, whatever the policy', () => {
    const [delays, status] = life({ preset: 'none' }, { status: 'crashed', isPlatformFault: true });
    assert.equal(delays.length, 10);
    assert.ok(delays.every((ms) => ms <= 60_000));
    assert.equal(status, 'dead');
  });
});
