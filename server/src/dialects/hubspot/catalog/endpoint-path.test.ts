import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { endpointPathOf } from './endpoint-path.ts';

describe('the endpoint of an address', () => {
  for (const [pathname, path] of [
    ['/_hcms/api/hello', 'hello'],
    ['/hs/serverless//events/update//', 'events/update'],
    ['/_hcms/api/sp%20ace', 'sp ace'],
    ['/_hcms/api/a%2Fb', 'a/b'],
    ['/_hcms/api/', null],
    ['/_hcms/api///', null],
    ['/_hcms/api/a/%2e%2e/b', null],
    ['/_hcms/api/%2E', null],
    ['/_hcms/api/a%00', null],
    ['/elsewhere/hello', null],
  ] as const) {
    test(`${pathname} is ${path}`, () => assert.equal(endpointPathOf(pathname), path));
  }

  test('is found at once, however many slashes there are', () => {
    const startedAt = performance.now();
    assert.equal(endpointPathOf(`/_hcms/api/x${'/'.repeat(100_000)}x`)?.length, 100_002);
    assert.ok(performance.now() - startedAt < 5_000, 'it took over five seconds');
  });
});
