import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { ignoredHeader, ignoredMembers } from './ignored-members.ts';

const taken = z.object({
  name: z.string().nullish(),
  timing: z.object({ unit: z.string() }).default({ unit: 'x' }),
  items: z.array(z.object({ id: z.string() }).transform((one) => one.id)).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  either: z.union([z.literal(''), z.object({ a: z.string() })]).nullish(),
  strict: z.strictObject({ a: z.string() }).optional(),
  loose: z.looseObject({}).optional(),
});

describe('ignored members', () => {
  test('are what nothing reads, at any depth', () => {
    const body = {
      ...{ name: 'n', nam: 1, timing: { unit: 'h', value: 2 }, items: [{ id: 'a' }, { id: 'b', no: 1 }] },
      ...{ labels: { any: 'x' }, either: { a: 'x', b: 1 }, strict: { b: 1 }, loose: { b: 1 } },
    };
    assert.deepEqual(ignoredMembers(taken, body), ['nam', 'timing.value', 'items.1.no', 'either.b']);
  });

  test('are all of a body that is not read, and none of what is no object', () => {
    assert.deepEqual(ignoredMembers(null, { a: 1, b: 2 }), ['a', 'b']);
    for (const body of [undefined, null, 'text', 5, []]) assert.deepEqual(ignoredMembers(taken, body), []);
  });

  test('are told up to a bound, in a header that any name fits in', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`m${at}`, { deep: 1 }]));
    assert.equal(ignoredMembers(null, many).length, 20);
    assert.deepEqual(ignoredHeader(ignoredMembers(null, { 'a, b\r\n': 1, é: 2 })), {
      'millrace-ignored': 'a%2C%20b%0D%0A, %C3%A9',
    });
    assert.deepEqual(ignoredHeader([]), {});
  });
});
