import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemIn, vocabularyFrom } from './event-catalogue.ts';
import { editDistance, nearNames } from './near-names.ts';

test('a distance counts letters inserted, deleted and replaced', () => {
  assert.deepEqual(
    [editDistance('kitten', 'sitting'), editDistance('', 'abc'), editDistance('same', 'same')],
    [3, 3, 0],
  );
});

test('the nearest come first, what is unlike is left out', () => {
  const known = ['order:created', 'order:fulfilled', 'cart:created', 'user:modified'];
  assert.deepEqual(nearNames('ordre:created', known), ['order:created', 'cart:created']);
  assert.deepEqual(nearNames('zzz', known), []);
});

const VOCABULARY = vocabularyFrom(
  [
    { name: 'order:created', itemType: 'order', isOwn: false },
    { name: 'sale.created.success.paid', itemType: 'sale', isOwn: false },
    { name: 'function.failed', itemType: 'function', isOwn: true },
  ],
  ['customer'],
);
const STRICT = { usage: 'publish', allowUnknown: false } as const;

test('a known notation makes its prefixes known', () => {
  const names = ['order:created', 'sale.created.success', 'sale.created'];
  assert.equal(problemIn(VOCABULARY, { names, itemType: 'customer' }, STRICT), null);
});

test('what an event is about is what its own entry says, not a longer one that implies it', () => {
  const types = ['sale.created', 'sale.created.lost'].map((name, at) => ({
    name,
    itemType: `t${at}`,
    isOwn: false,
  }));
  for (const given of [types, types.toReversed()]) {
    assert.equal(vocabularyFrom(given, []).itemTypeByName.get('sale.created'), 't0');
  }
});

test('an unknown name is refused with what may have been meant', () => {
  const problem = problemIn(VOCABULARY, { names: ['order:craeted'], itemType: null }, STRICT);
  assert.match(problem?.message ?? '', /^order:craeted is not .*near it are order:created/);
  const item = problemIn(VOCABULARY, { names: ['order:created'], itemType: 'custmer' }, STRICT);
  assert.match(item?.message ?? '', /near it are customer/);
  assert.deepEqual([problem?.name, item?.name], ['order:craeted', 'custmer']);
});

test('where the installation allows it, everything may be published but what the platform says itself', () => {
  const open = { usage: 'publish', allowUnknown: true } as const;
  assert.equal(problemIn(VOCABULARY, { names: ['any.thing'], itemType: 'thing' }, open), null);
  const own = problemIn(VOCABULARY, { names: ['function.failed'], itemType: null }, open);
  assert.match(own?.message ?? '', /platform alone/);
  // It would be heard as function.failed, too.
  const longer = problemIn(VOCABULARY, { names: ['function.failed.badly'], itemType: null }, open);
  assert.match(longer?.message ?? '', /^function\.failed is published by the platform alone/);
  const heard = { usage: 'listen', allowUnknown: false } as const;
  assert.equal(problemIn(VOCABULARY, { names: ['function.failed'], itemType: null }, heard), null);
});
