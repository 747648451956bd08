// Trusted roots in the form that Java reads: a key store of the kind JKS, which holds certificates alone
// here. Java can't read the PEM files that everything else reads. Pure. Called by etc-folder.ts.
import { createHash, X509Certificate } from 'node:crypto';

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const MAGIC = 0xfeedfeed;
const VERSION = 2;
const TRUSTED_CERTIFICATE = 2;
/**
 * What closes the file proves that it is whole, by a password that everybody knows; Java's own file has the
 * same.
 */
const PASSWORD = 'changeit';
const SALT = 'Mighty Aphrodite';

/** @param pem certificates, one after another; what can't be read is left out */
export function javaRoots(pem: string): Buffer {
  const certificates = [...new Set(pem.match(CERTIFICATES) ?? [])].flatMap(derOf);
  const content = Buffer.concat([
    uint32(MAGIC),
    uint32(VERSION),
    uint32(certificates.length),
    ...certificates.map((der, at) => entry(`root-${at}`, der)),
  ]);
  const password = Buffer.from(PASSWORD, 'utf16le').swap16();
  const digest = createHash('sha1').update(password).update(SALT).update(content).digest();
  return Buffer.concat([content, digest]);
}

function derOf(pem: string): Buffer[] {
  try {
    return [new X509Certificate(pem).raw];
  } catch {
    return [];
  }
}

/** The date of its making, which nobody asks for, is 1970. */
function entry(alias: string, der: Buffer): Buffer {
  const parts = [
    uint32(TRUSTED_CERTIFICATE),
    text(alias),
    Buffer.alloc(8),
    text('X.509'),
    uint32(der.length),
  ];
  return Buffer.concat([...parts, der]);
}

function text(value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([length, Buffer.from(value, 'latin1')]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
