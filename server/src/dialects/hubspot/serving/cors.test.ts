import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { corsHeaders, preflightHeaders, withCors } from './cors.ts';

const allowed = (origins: string[], origin: string | null) =>
  corsHeaders(origins, origin)['access-control-allow-origin'];

describe('cross-origin calls', () => {
  test('may be read by every page, without credentials, where nothing is said', () => {
    const headers = corsHeaders(['*'], 'https://a.example');
    assert.equal(headers['access-control-allow-origin'], '*');
    assert.equal(headers['access-control-allow-credentials'], undefined);
  });

  for (const [origins, origin, answer] of [
    [['https://a.example'], 'https://a.example', 'https://a.example'],
    [['https://a.example'], 'https://a.example:8443', undefined],
    [['https://a.example'], 'http://a.example', undefined],
    [['https://*.a.example'], 'https://www.a.example', 'https://www.a.example'],
    [['https://*.a.example'], 'https://a.example', undefined],
    [['https://*.a.example'], 'https://evil-a.example', undefined],
    [['https://*.a.example'], 'https://evil.example/.a.example', undefined],
    [[], 'https://a.example', undefined],
    [['https://a.example'], null, undefined],
  ] as const) {
    test(`${origin} under ${origins.join(' ') || 'none'} is ${answer ?? 'left out'}`, () => {
      assert.equal(allowed([...origins], origin), answer);
    });
  }

  test('named origins may send cookies, and caches keep them apart', () => {
    const headers = corsHeaders(['https://a.example'], 'https://a.example');
    assert.deepEqual([headers['access-control-allow-credentials'], headers.vary], ['true', 'Origin']);
    assert.equal(corsHeaders(['https://a.example'], 'https://b.example').vary, 'Origin');
  });

  test('preflights are answered with the methods and the headers that were asked for', () => {
    const request = {
      origin: 'https://a.example',
      requestHeaders: 'content-type,x-mine',
      requestsPrivateNetwork: false,
    };
    const headers = preflightHeaders(['*'], request, 'POST, OPTIONS');
    assert.equal(headers['access-control-allow-methods'], 'POST, OPTIONS');
    assert.equal(headers['access-control-allow-headers'], 'content-type,x-mine');
    assert.equal(preflightHeaders([], request, 'POST')['access-control-allow-methods'], undefined);
  });

  test("a function's own words win", () => {
    const own = { 'access-control-allow-origin': 'https://mine.example' };
    assert.deepEqual(withCors(own, corsHeaders(['*'], 'https://a.example')), own);
    const varied = withCors({ vary: 'Accept' }, corsHeaders(['https://a.example'], 'https://a.example'));
    assert.equal(varied.vary, 'Accept, Origin');
  });
});
