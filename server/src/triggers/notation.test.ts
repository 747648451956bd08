import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandNotations, isNotation, itemTypeOf } from './notation.ts';

test('a longer notation implies its prefixes of two segments and more', () => {
  assert.deepEqual(expandNotations(['sale.created.success.paid']), [
    'sale.created.success.paid',
    'sale.created.success',
    'sale.created',
  ]);
});

test('the most specific stands first, a type before all notations, and nothing twice', () => {
  assert.deepEqual(
    expandNotations(['sale.created', 'customer.created.vip', 'order:created', 'sale.created']),
    ['order:created', 'customer.created.vip', 'sale.created', 'customer.created'],
  );
});

for (const text of ['order:created', 'sale.created', 'a.b.c.d.e.f.g.h', 'fraud_detection.created.3ds']) {
  test(`${text} is well formed`, () => assert.ok(isNotation(text)));
}
for (const text of [
  ...['', 'sale', 'Sale.created', 'sale.', '.created', 'sale..created', 'sale:created:x', 'sale created'],
  ...['order:created.x', 'a.b.c.d.e.f.g.h.i', `sale.${'x'.repeat(100)}`, 'sale.created\n', '1sale.created'],
]) {
  test(`${JSON.stringify(text.slice(0, 20))} is not well formed`, () => assert.ok(!isNotation(text)));
}

test('it is about its first segment', () => {
  assert.deepEqual([itemTypeOf('order:created'), itemTypeOf('sale.created.success')], ['order', 'sale']);
});
