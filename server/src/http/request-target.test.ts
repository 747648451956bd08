import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { withoutAuthority } from './request-target.ts';

describe('the target of a request', () => {
  for (const [url, path, host] of [
    ['/a?b=c', '/a?b=c', 'given.example'],
    ['http://other.example/a?b=c', '/a?b=c', 'other.example'],
    ['HTTPS://other.example:8443/', '/', 'other.example:8443'],
    ['http://other.example', '/', 'other.example'],
    ['http://other.example?b', '/?b', 'other.example'],
    ['http:///a', 'http:///a', 'given.example'],
    ['*', '*', 'given.example'],
    ['/http://other.example/', '/http://other.example/', 'given.example'],
  ] as const) {
    test(`${url} is ${path} on ${host}`, () => {
      const request = { url, headers: { host: 'given.example' } };
      assert.equal(withoutAuthority(request), path);
      assert.equal(request.headers.host, host);
    });
  }
});
