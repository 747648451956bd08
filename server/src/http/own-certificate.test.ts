import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import tls from 'node:tls';
import { authorityFile, openOwnCertificate } from './own-certificate.ts';

const DAY_MS = 86_400_000;
const HOSTS = ['localhost', 'functions.example.com', '127.0.0.1', '::1'];
const root = mkdtempSync(path.join(tmpdir(), 'millrace-tls-'));
after(() => rmSync(root, { recursive: true }));
let folders = 0;

function newFolder(): string {
  folders += 1;
  return path.join(root, String(folders), 'tls');
}

async function handshake(
  folder: string,
  identity: tls.SecureContextOptions,
  servername: string,
): Promise<string> {
  const server = tls.createServer(identity, (socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ca = readFileSync(authorityFile(folder));
  const client = tls.connect({ port, host: '127.0.0.1', servername, ca });
  try {
    await once(client, 'secureConnect');
    return client.authorized ? 'trusted' : 'not trusted';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'error';
  } finally {
    client.destroy();
    server.close();
  }
}

describe('own certificate', () => {
  test('a client that trusts the authority trusts the server under each of its names, and under no other', async () => {
    const folder = newFolder();
    const identity = openOwnCertificate(folder, HOSTS, Date.now());
    assert.equal(await handshake(folder, identity, 'localhost'), 'trusted');
    assert.equal(await handshake(folder, identity, 'functions.example.com'), 'trusted');
    assert.equal(await handshake(folder, identity, 'other.example.com'), 'ERR_TLS_CERT_ALTNAME_INVALID');
    const certificate = new X509Certificate(identity.cert);
    for (const ip of ['127.0.0.1', '::1']) assert.ok(certificate.checkIP(ip) !== undefined, ip);
    assert.equal(certificate.ca, false);
  });

  test('the next start finds the same certificate and key', () => {
    const folder = newFolder();
    const first = openOwnCertificate(folder, HOSTS, Date.now());
    assert.deepEqual(openOwnCertificate(folder, HOSTS, Date.now()), first);
  });

  test('keys are for the owner alone, the authority for everybody', () => {
    const folder = newFolder();
    openOwnCertificate(folder, HOSTS, Date.now());
    const modeOf = (name: string): number => statSync(path.join(folder, name)).mode & 0o777;
    assert.deepEqual(['ca.pem', 'ca.key', 'server.pem'].map(modeOf), [0o644, 0o600, 0o600]);
  });

  test('a host more, or an end that is near, makes a new certificate of the same authority', () => {
    const folder = newFolder();
    const first = openOwnCertificate(folder, HOSTS, Date.now());
    const authority = readFileSync(authorityFile(folder), 'utf8');
    const wider = openOwnCertificate(folder, [...HOSTS, 'shop.example.com'], Date.now());
    assert.notEqual(wider.cert, first.cert);
    const later = Date.now() + 61 * DAY_MS;
    const renewed = openOwnCertificate(folder, HOSTS, later);
    assert.notEqual(renewed.cert, wider.cert);
    assert.ok(Date.parse(new X509Certificate(renewed.cert).validTo) > later + 80 * DAY_MS);
    assert.equal(readFileSync(authorityFile(folder), 'utf8'), authority);
  });

  test('an authority that is about to end is replaced, and its certificates with it', () => {
    const folder = newFolder();
    const first = openOwnCertificate(folder, HOSTS, Date.now());
    const later = Date.now() + 3_500 * DAY_MS;
    const next = openOwnCertificate(folder, HOSTS, later);
    assert.notEqual(next.cert.split('-----END')[1], first.cert.split('-----END')[1]);
    const authority = new X509Certificate(readFileSync(authorityFile(folder)));
    assert.ok(new X509Certificate(next.cert).verify(authority.publicKey));
  });

  for (const [title, name, text] of [
    ['a key that is cut off', 'ca.key', '-----BEGIN PRIVATE KEY-----\n'],
    ['an empty authority', 'ca.pem', ''],
    ['an empty certificate', 'server.pem', ''],
  ] as const) {
    test(`${title} is replaced`, async () => {
      const folder = newFolder();
      openOwnCertificate(folder, HOSTS, Date.now());
      writeFileSync(path.join(folder, name), text);
      const identity = openOwnCertificate(folder, HOSTS, Date.now());
      assert.equal(await handshake(folder, identity, 'localhost'), 'trusted');
    });
  }
});
