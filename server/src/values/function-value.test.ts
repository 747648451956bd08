import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overlay, valueNameProblem } from './function-value.ts';

test('a name may hold blanks and letters of any language', () => {
  for (const name of ['my value', 'KEY', 'Schlüssel 2', 'a', 'x-y.z', '新'])
    assert.equal(valueNameProblem(name), null);
});

test('a name that an environment can not hold, or that the platform sets, is refused', () => {
  for (const name of ['', ' a', 'a ', 'a=b', 'a\0', 'a\nb', 'PATH', 'x'.repeat(101)]) {
    assert.notEqual(valueNameProblem(name), null, JSON.stringify(name));
  }
});

test('a function’s own variable replaces the account’s value of that name, secrecy included', () => {
  const shared = [
    { name: 'My Value', value: 'shared', isEncrypted: false },
    { name: 'token', value: 'account token', isEncrypted: true },
    { name: 'other', value: 'other secret', isEncrypted: true },
  ];
  const own = { variables: { token: 'own', 'My Value': 'own too' }, secretNames: ['My Value'] };
  assert.deepEqual(overlay(shared, own), {
    variables: { other: 'other secret', token: 'own', 'My Value': 'own too' },
    secretNames: ['other', 'My Value'],
  });
});
