// A certificate authority of our own and the certificate that it signs for this server, for installations
// that were given none. They lie in one folder, are made at the first start and again before they end. A
// folder that a power cut left halfway is made anew.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  X509Certificate,
} from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
// The one that can issue; node:crypto can only read certificates.
import forge from 'node-forge';

/** PEM. The CA's certificate stands behind the server's own. */
export type TlsIdentity = { cert: string; key: string };

const DAY_MS = 86_400_000;
const CA_LIFE_DAYS = 3_650;
const CA_LEAST_DAYS = 180;
const LIFE_DAYS = 90;
const LEAST_DAYS = 30;
/** Clocks differ. */
const HEAD_START_MS = DAY_MS;
const KEY_BITS = 2048;
const OWNER_ONLY = 0o600;
const EVERYBODY_READS = 0o644;

/** What clients have to trust. */
export function authorityFile(folder: string): string {
  return path.join(folder, 'ca.pem');
}

/**
 * @param folder made where it isn't there
 * @param hosts names and addresses that the certificate has to be valid for
 */
export function openOwnCertificate(folder: string, hosts: readonly string[], nowMs: number): TlsIdentity {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const authority = readAuthority(folder, nowMs) ?? makeAuthority(folder, nowMs);
  const kept = readServer(folder, authority.cert, { hosts, nowMs });
  return kept ?? makeServer(folder, authority, { hosts, nowMs });
}

type Authority = TlsIdentity;
type Wish = { hosts: readonly string[]; nowMs: number };

function readAuthority(folder: string, nowMs: number): Authority | null {
  const found = readPair(authorityFile(folder), path.join(folder, 'ca.key'));
  return found !== null && lastsFor(found.cert, CA_LEAST_DAYS, nowMs) ? found : null;
}

function makeAuthority(folder: string, nowMs: number): Authority {
  const subject = [{ name: 'commonName', value: `Millrace ${randomBytes(4).toString('hex')}` }];
  const made = issue({
    subject,
    issuer: subject,
    lifeDays: CA_LIFE_DAYS,
    nowMs,
    signer: null,
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      { name: 'subjectKeyIdentifier' },
    ],
  });
  write(path.join(folder, 'ca.key'), made.key, OWNER_ONLY);
  write(authorityFile(folder), made.cert, EVERYBODY_READS);
  return made;
}

function readServer(folder: string, authority: string, { hosts, nowMs }: Wish): TlsIdentity | null {
  const file = path.join(folder, 'server.pem');
  const found = readPair(file, file);
  if (found === null || !lastsFor(found.cert, LEAST_DAYS, nowMs)) return null;
  const certificate = new X509Certificate(found.cert);
  const isTheirs = certificate.verify(new X509Certificate(authority).publicKey);
  return isTheirs && hosts.every((host) => isFor(certificate, host)) ? found : null;
}

function isFor(certificate: X509Certificate, host: string): boolean {
  return (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
}

function makeServer(folder: string, authority: Authority, { hosts, nowMs }: Wish): TlsIdentity {
  const signer = forge.pki.certificateFromPem(authority.cert);
  const altNames = hosts.map((host) => (isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host }));
  const made = issue({
    subject: [{ name: 'commonName', value: (hosts[0] ?? 'localhost').slice(0, 64) }],
    issuer: signer.subject.attributes,
    lifeDays: LIFE_DAYS,
    nowMs,
    signer: authority.key,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
      { name: 'subjectKeyIdentifier' },
      { name: 'authorityKeyIdentifier', keyIdentifier: keyIdentifierOf(signer) },
    ],
  });
  const identity = { key: made.key, cert: `${made.cert}${authority.cert}` };
  // One file: a key and the certificate of another can't meet.
  write(path.join(folder, 'server.pem'), `${identity.key}${identity.cert}`, OWNER_ONLY);
  return identity;
}

function keyIdentifierOf(certificate: forge.pki.Certificate): string {
  return certificate.generateSubjectKeyIdentifier().getBytes();
}

type Issue = {
  subject: forge.pki.CertificateField[];
  issuer: forge.pki.CertificateField[];
  lifeDays: number;
  nowMs: number;
  /** The signer's key in PEM; null: it signs itself. */
  signer: string | null;
  extensions: Record<string, unknown>[];
};

function issue({ subject, issuer, lifeDays, nowMs, signer, extensions }: Issue): TlsIdentity {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: KEY_BITS,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  // A positive number: the first bit is never set.
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = new Date(nowMs - HEAD_START_MS);
  certificate.validity.notAfter = new Date(nowMs + lifeDays * DAY_MS);
  certificate.setSubject(subject);
  certificate.setIssuer(issuer);
  certificate.setExtensions(extensions);
  certificate.sign(forge.pki.privateKeyFromPem(signer ?? privateKey), forge.md.sha256.create());
  return { key: privateKey, cert: unixLines(forge.pki.certificateToPem(certificate)) };
}

function unixLines(pem: string): string {
  return pem.replaceAll('\r\n', '\n');
}

/** @returns null where there is none, or the two don't belong together */
function readPair(certFile: string, keyFile: string): TlsIdentity | null {
  try {
    const cert = readFileSync(certFile, 'utf8').replace(
      /^-----BEGIN PRIVATE KEY-----[\s\S]*?-----END PRIVATE KEY-----\n/,
      '',
    );
    const key = /-----BEGIN PRIVATE KEY-----[\s\S]*?-----END PRIVATE KEY-----\n/.exec(
      readFileSync(keyFile, 'utf8'),
    )?.[0];
    return key !== undefined && belongTogether({ cert, key }) ? { cert, key } : null;
  } catch {
    return null;
  }
}

/** @throws Error for what isn't PEM */
export function belongTogether({ cert, key }: TlsIdentity): boolean {
  const certified = new X509Certificate(cert).publicKey;
  const own = createPublicKey(createPrivateKey(key));
  return certified.equals(own);
}

function lastsFor(cert: string, days: number, nowMs: number): boolean {
  const { validFrom, validTo } = new X509Certificate(cert);
  return Date.parse(validFrom) <= nowMs && Date.parse(validTo) >= nowMs + days * DAY_MS;
}

/** Written aside and put into place: nobody reads half a file. */
function write(file: string, text: string, mode: number): void {
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, text, { mode, flag: 'wx', flush: true });
  chmodSync(draft, mode);
  renameSync(draft, file);
}
