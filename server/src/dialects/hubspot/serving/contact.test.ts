import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { contactOfToken, cookieOf, createContactResolver } from './contact.ts';

const KEY = 'a key of thirty-two characters or more';
const NOW = Date.UTC(2026, 10, 22);
const claims = { portal: 1001, vid: 51, isLoggedIn: true, listMemberships: [616, '7'], exp: NOW / 1000 + 60 };

function tokenOf(payload: object, { alg = 'HS256', key = KEY } = {}): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg, typ: 'JWT' })}.${part(payload)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}
const read = (token: string) => contactOfToken(token, KEY, { portalId: 1001, nowMs: NOW });

describe('a contact', () => {
  test('is what the signed cookie says, with its properties beside', () => {
    const contact = read(tokenOf({ ...claims, properties: { email: 'ann@example.com', vid: 1 } }));
    assert.deepEqual(contact, {
      email: 'ann@example.com',
      vid: 51,
      isLoggedIn: true,
      listMemberships: [616, 7],
    });
  });

  for (const [name, token] of [
    ['of another key', tokenOf(claims, { key: `${KEY}!` })],
    ['of another algorithm', tokenOf(claims, { alg: 'none' })],
    ['without a signature', `${tokenOf(claims).split('.').slice(0, 2).join('.')}.`],
    ['of another account', tokenOf({ ...claims, portal: 1002 })],
    ['that has expired', tokenOf({ ...claims, exp: NOW / 1000 })],
    ['that never expires', tokenOf({ ...claims, exp: undefined })],
    ['of nobody', tokenOf({ ...claims, vid: 0 })],
    ['that is nonsense', 'a.b.c'],
    ['of four parts', `${tokenOf(claims)}.x`],
  ] as const) {
    test(`is anonymous by a token ${name}`, () => assert.equal(read(token), null));
  }

  test('is anonymous without a key, whatever the cookie says', async () => {
    const resolve = createContactResolver({
      contactKey: null,
      contactUrl: null,
      clock: () => NOW,
      onError: () => {},
    });
    assert.equal(await resolve({ portalId: 1001, cookies: `millrace_contact=${tokenOf(claims)}` }), null);
  });

  test('is anonymous where nobody answers, and that is told', async () => {
    const errors: unknown[] = [];
    const contactUrl = 'http://127.0.0.1:1/';
    const resolve = createContactResolver({
      contactKey: null,
      contactUrl,
      clock: () => NOW,
      onError: (error) => errors.push(error),
    });
    assert.equal(await resolve({ portalId: 1001, cookies: 'a=b' }), null);
    assert.equal(errors.length, 1);
  });

  test('is found among other cookies', () => {
    assert.equal(cookieOf('a=1; millrace_contact="x.y.z" ; b=2', 'millrace_contact'), 'x.y.z');
    assert.equal(cookieOf('xmillrace_contact=1', 'millrace_contact'), null);
  });
});
