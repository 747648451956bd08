// Certificates by ACME, from a real authority, as clients see them that trust it and nothing else: asked for,
// served by name, renewed, kept.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import type { PeerCertificate } from 'node:tls';
import { connect } from 'node:tls';
import { until } from '../until.ts';
import { type Authority, openAuthority } from './open-authority.ts';
import { freePort, type Millrace, noJails, startMillrace } from './start-millrace.ts';

const PUBLIC = 'functions.millrace-acme.net';
const CONSOLE = 'console.millrace-acme.net';
const LIFE_S = 24;

/** @returns the certificate that a client gets who trusts the authority alone; null: none that it trusts */
function certificateOf(port: number, name: string, ca: string): Promise<PeerCertificate | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, servername: name, ca }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.on('error', () => resolve(null));
  });
}

async function soon(port: number, name: string, ca: string): Promise<PeerCertificate> {
  let found: PeerCertificate | null = null;
  await until(`a certificate of ${name}`, async () => {
    found = await certificateOf(port, name, ca);
    return found !== null;
  });
  return found as unknown as PeerCertificate;
}

function look(port: number, host: string, token: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const path = `/.well-known/acme-challenge/${token}`;
    request({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode as number, text }));
    })
      .on('error', reject)
      .end();
  });
}

describe('certificates by ACME', { skip: noJails() }, () => {
  let authority: Authority;
  let millrace: Millrace;
  let root: string;
  let port: number;
  let tlsPort: number;
  let env: Record<string, string>;

  before(async () => {
    port = await freePort();
    tlsPort = await freePort();
    authority = await openAuthority({ lookPort: port, lifeS: LIFE_S });
    root = await authority.root();
    env = {
      ...authority.env,
      MILLRACE_PORT: String(port),
      MILLRACE_TLS_PORT: String(tlsPort),
      MILLRACE_PUBLIC_URL: `https://${PUBLIC}`,
      MILLRACE_CONSOLE_URL: `https://${CONSOLE}`,
      MILLRACE_ACME_EMAIL: 'operator@millrace-acme.net',
    };
    millrace = await startMillrace({ env });
  });
  after(async () => {
    await millrace?.close();
    await authority?.close();
  });

  test('each own name gets its own, which a client trusts that trusts the authority', async () => {
    const [own, console] = [await soon(tlsPort, PUBLIC, root), await soon(tlsPort, CONSOLE, root)];
    assert.equal(own.subjectaltname, `DNS:${PUBLIC}`);
    assert.equal(console.subjectaltname, `DNS:${CONSOLE}`);
  });

  test('it is renewed before it ends, and those in between are served all along', async () => {
    const { serialNumber } = await soon(tlsPort, PUBLIC, root);
    await until('another certificate', async () => {
      const now = await certificateOf(tlsPort, PUBLIC, root);
      assert.notEqual(now, null, 'no certificate that is trusted');
      return now?.serialNumber !== serialNumber;
    });
  });

  test('challenges are answered for names of ours alone, and for tokens alone', async () => {
    const token = 'a'.repeat(43);
    const { status, text } = await look(port, PUBLIC, token);
    assert.equal(status, 200);
    assert.match(text, new RegExp(`^${token}\\.[A-Za-z0-9_-]{43}$`));
    for (const [host, asked] of [
      ['other.millrace-acme.net', token],
      ['localhost', token],
      [PUBLIC, 'short'],
      [PUBLIC, `${token}%3Cscript%3E`],
      [PUBLIC, `${token}?x`],
      [PUBLIC, 'a'.repeat(200)],
    ] as const)
      assert.equal((await look(port, host, asked)).status, 404, `${host} ${asked}`);
  });
});
