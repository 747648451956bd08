import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createPasswords } from './passwords.ts';

describe('passwords', () => {
  const passwords = createPasswords();

  test('are kept as argon2id with a salt each, at a cost that OWASP asks for', async () => {
    const [one, other] = await Promise.all([
      passwords.hash('the same words'),
      passwords.hash('the same words'),
    ]);
    assert.match(one as string, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    assert.notEqual(one, other);
    assert.ok(await passwords.check('the same words', one as string));
    assert.ok(!(await passwords.check('the same word', one as string)));
  });

  test('are the same, however their letters are composed', async () => {
    assert.ok(await passwords.check('caf\u0065\u0301 au lait', await passwords.hash('caf\u00e9 au lait')));
  });

  test('of hashes that were made elsewhere are checked by their own cost', async () => {
    // The reference implementation: echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1 -l 32
    const stored = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    assert.ok(await passwords.check('password', stored));
  });

  test('are nobody’s where there is no hash, and where it can not be read', async () => {
    assert.ok(!(await passwords.check('whatever', null)));
    assert.ok(!(await passwords.check('whatever', '$2b$10$abc')));
  });

  test('wait in a line, and only so many', async () => {
    const few = createPasswords(3);
    const checks = await Promise.allSettled(Array.from({ length: 9 }, () => few.check('x', null)));
    const refused = checks.flatMap((check) => (check.status === 'rejected' ? [check.reason.code] : []));
    assert.deepEqual(refused, Array(4).fill('too_many_requests'));
  });
});
