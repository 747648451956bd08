import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AddressPace } from './address-pace.ts';

describe('issuing pace', () => {
  test('an address has its burst, and then what time refills', () => {
    let now = 0;
    const pace = new AddressPace({ clock: () => now, burst: 2, perMinute: 60, capacity: 10 });
    const takes = (count: number) => Array.from({ length: count }, () => pace.take('198.51.100.7'));
    assert.deepEqual(takes(3), [true, true, false]);
    now += 1_000;
    assert.deepEqual(takes(2), [true, false]);
    now += 3_600_000;
    assert.deepEqual(takes(3), [true, true, false]);
  });

  test("one address doesn't use up another's", () => {
    const pace = new AddressPace({ clock: () => 0, burst: 1, perMinute: 1, capacity: 10 });
    assert.deepEqual([pace.take('a'), pace.take('b'), pace.take('a')], [true, true, false]);
  });

  test('beyond the capacity the address seen first is forgotten', () => {
    const pace = new AddressPace({ clock: () => 0, burst: 1, perMinute: 1, capacity: 2 });
    for (const address of ['a', 'b', 'c']) pace.take(address);
    assert.deepEqual([pace.take('c'), pace.take('a')], [false, true]);
  });
});
