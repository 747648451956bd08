// MILLRACE_EXTRA_CA_CERTS reaches every function: Node itself, and whatever reads OpenSSL's usual files.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import { makeInstallation, openJails, runInJail } from './jail-fixture.ts';

const fingerprint = (pem: string): string => new X509Certificate(pem).fingerprint256;

test('extra certificates are trusted by the engine and listed beside the usual roots', async () => {
  const installation = makeInstallation({ MILLRACE_EXTRA_CA_CERTS: 'company.pem' });
  const pem = `${rootCertificates[0]}\n`;
  writeFileSync(path.join(path.dirname(installation.config.dataDir), 'company.pem'), pem);
  const jails = await openJails(installation);
  try {
    const source = `
      const read = (file) => require('node:fs').readFileSync(file, 'utf8');
      return {
        trusted: require('node:tls').getCACertificates('extra'),
        own: read('/etc/ssl/millrace-extra.pem'),
        roots: read('/etc/ssl/certs/ca-certificates.crt'),
      };`;
    const seen = (await runInJail(jails, installation, { source })) as {
      trusted: string[];
      own: string;
      roots: string;
    };
    assert.deepEqual(seen.trusted.map(fingerprint), [fingerprint(pem)]);
    assert.equal(seen.own, pem);
    assert.ok(seen.roots.endsWith(pem));
    const hostRoots = readFileSync('/etc/ssl/certs/ca-certificates.crt', 'utf8').trimEnd();
    assert.ok(seen.roots.startsWith(hostRoots));
  } finally {
    await jails.close();
    installation.remove();
  }
});
