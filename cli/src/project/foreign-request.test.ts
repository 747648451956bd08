import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyForeign } from './foreign-request.ts';

const own = (headers: Record<string, string>, known: string[] = []): boolean =>
  whyForeign(headers, known) === null;

test('requests that mean this machine are taken', () => {
  for (const host of ['127.0.0.1:8787', 'localhost:8787', 'shop.localhost', '[::1]:8787', 'LOCALHOST']) {
    assert.ok(own({ host }), host);
  }
  assert.ok(own({ host: 'a1.tunnel.example' }, ['a1.tunnel.example']));
  assert.ok(own({ host: '127.0.0.1:8787', origin: 'http://localhost:3000', 'sec-fetch-site': 'cross-site' }));
  // A sign-in elsewhere that comes back.
  assert.ok(own({ host: 'localhost', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }));
});

test('requests of other sites are refused', () => {
  // The name of a page that leads to 127.0.0.1 by now.
  for (const host of ['evil.example:8787', '127.0.0.1.evil.example', 'localhost.evil.example', '']) {
    assert.ok(!own({ host }), host);
  }
  for (const origin of ['https://evil.example', 'null', 'http://localhost.evil.example']) {
    assert.ok(!own({ host: 'localhost:8787', origin }), origin);
  }
  assert.ok(!own({ host: 'localhost', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }));
  assert.ok(!own({}));
});
