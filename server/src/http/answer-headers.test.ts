import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { headersOnSharedHost } from './answer-headers.ts';

describe('what a function answers on a host that is not its account’s alone', () => {
  test('is not sniffed, and says nothing for the whole host', () => {
    assert.deepEqual(
      headersOnSharedHost({
        'content-type': 'text/html',
        'service-worker-allowed': '/',
        'clear-site-data': '"*"',
        'strict-transport-security': 'max-age=1; includeSubDomains',
        'x-own': 'yes',
      }),
      { 'content-type': 'text/html', 'x-own': 'yes', 'x-content-type-options': 'nosniff' },
    );
  });

  for (const [cookie, left] of [
    ['a=1', 'a=1'],
    ['a=1; Domain=example.com; Path=/', 'a=1; Path=/'],
    ['a=1;domain=.example.com', 'a=1'],
    ['a=1; DOMAIN = example.com ; Domain=b.example; HttpOnly', 'a=1; HttpOnly'],
    ['a=1; Domain; Secure', 'a=1; Secure'],
    ['a=domain=b; Path=/', 'a=domain=b; Path=/'],
    ['millrace_contact=x; Path=/', 'millrace_contact=x; Path=/'],
    ['millrace_session=x', null],
    ['__Host-millrace=x; Path=/; Secure', null],
    ['__HOST-Millrace-session=x', null],
    [' millrace_session =x', null],
    ['millrace_session', null],
    ['millraces=x', 'millraces=x'],
  ] as const) {
    test(`sets ${cookie} as ${left}`, () => {
      assert.deepEqual(
        headersOnSharedHost({ 'set-cookie': cookie })['set-cookie'],
        left === null ? undefined : [left],
      );
    });
  }

  test('sets of several cookies those that it may', () => {
    const given = { 'set-cookie': ['a=1', 'millrace_session=x', 'b=2; Domain=c.example'] };
    assert.deepEqual(headersOnSharedHost(given)['set-cookie'], ['a=1', 'b=2']);
    assert.equal(given['set-cookie'].length, 3, 'what was given stays as it was');
  });
});
