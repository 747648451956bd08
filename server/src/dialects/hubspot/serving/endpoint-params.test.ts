import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addPairs, newParams } from './endpoint-params.ts';

function paramsOf(text: string): unknown {
  const params = newParams();
  addPairs(params, text);
  return JSON.parse(JSON.stringify(params));
}

describe('params', () => {
  for (const [query, expected] of [
    ['', {}],
    ['a=1&a=2&b=x%20y+z', { a: ['1', '2'], b: ['x y z'] }],
    ['c[]=4&c[]=5', { c: ['4', '5'] }],
    ['d[k]=5&d[l]=6', { d: [{ k: '5', l: '6' }] }],
    ['d[k][l]=5', { d: [{ k: { l: '5' } }] }],
    ['e', { e: [''] }],
    ['[x]=1&a]=2&b[=3&c[x]y=4', { '[x]': ['1'], 'a]': ['2'], 'b[': ['3'], 'c[x]y': ['4'] }],
  ] as const) {
    test(`${query} are ${JSON.stringify(expected)}`, () => assert.deepEqual(paramsOf(query), expected));
  }

  test('of one value print as that value, as functions rely on', () => {
    const params = newParams();
    addPairs(params, 'id=7');
    assert.equal(`${params.id}`, '7');
  });

  test('may be called __proto__ without reaching any prototype', () => {
    const params = newParams();
    addPairs(params, '__proto__=1&a[__proto__][polluted]=yes&constructor=2');
    assert.deepEqual(Object.keys(params), ['__proto__', 'a', 'constructor']);
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });

  test('are refused where there are too many', () => {
    assert.throws(() => paramsOf('a&'.repeat(20_000)), /at most 10000 values/);
  });
});
