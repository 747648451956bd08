import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { makeCertificateRequest } from './certificate-request.ts';

test('a request is read and its signature found good by OpenSSL, for short names and the longest', () => {
  const longest = `${`${'a'.repeat(61)}.`.repeat(4)}com`;
  for (const name of ['a.de', 'functions.example.com', longest]) {
    const { request, key } = makeCertificateRequest(name);
    const read = spawnSync('openssl', ['req', '-inform', 'der', '-noout', '-verify', '-text'], {
      input: request,
      encoding: 'utf8',
    });
    assert.equal(read.status, 0, read.stderr);
    assert.match(read.stdout + read.stderr, /verify OK/);
    assert.ok(read.stdout.includes(`DNS:${name}`), read.stdout);
    assert.match(key, /^-----BEGIN PRIVATE KEY-----/);
  }
});
