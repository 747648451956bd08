import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPublicName } from './public-name.ts';

test('a name that everybody can look up is public', () => {
  for (const name of ['example.com', 'www.example.com', 'xn--bcher-kva.example.org', 'a.b-c.de'])
    assert.equal(isPublicName(name), true, name);
});

test('addresses, single words and names of private networks are not', () => {
  const names = ['localhost', 'console.localhost', 'millrace', '10.0.0.1', '::1', '[::1]', 'nas.local'];
  for (const name of [...names, 'a.internal', 'a.test', '-a.com', 'a..com', 'a.com.', 'a_b.com', 'a.1', ''])
    assert.equal(isPublicName(name), false, name);
  assert.equal(isPublicName(`${'a'.repeat(64)}.com`), false);
});
