// The request for a certificate for one name (PKCS #10), as an authority is sent it. Written in DER by hand:
// node:crypto makes keys and signatures and no requests, and node-forge knows RSA alone, whose signature in
// JavaScript holds everything else up. Pure.
import { generateKeyPairSync, sign } from 'node:crypto';

/** `key`: PEM; `request`: DER. */
export type CertificateRequest = { key: string; request: Buffer };

const SEQUENCE = 0x30;
const SET = 0x31;
const OCTETS = 0x04;
const BITS = 0x03;
const OF_REQUEST = 0xa0;
const DNS_NAME = 0x82;
const VERSION_1 = Buffer.from('020100', 'hex');
const NO_SUBJECT = Buffer.from('3000', 'hex');
/** 1.2.840.113549.1.9.14, 2.5.29.17 and 1.2.840.10045.4.3.2. */
const EXTENSIONS = Buffer.from('06092a864886f70d01090e', 'hex');
const ALTERNATIVE_NAMES = Buffer.from('0603551d11', 'hex');
const ECDSA_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');

export function makeCertificateRequest(name: string): CertificateRequest {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const names = der(SEQUENCE, der(DNS_NAME, Buffer.from(name, 'ascii')));
  const extensions = der(SEQUENCE, der(SEQUENCE, ALTERNATIVE_NAMES, der(OCTETS, names)));
  const attributes = der(OF_REQUEST, der(SEQUENCE, EXTENSIONS, der(SET, extensions)));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const info = der(SEQUENCE, VERSION_1, NO_SUBJECT, key, attributes);
  const signature = sign('sha256', info, privateKey);
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    request: der(SEQUENCE, info, der(SEQUENCE, ECDSA_SHA256), der(BITS, Buffer.of(0), signature)),
  };
}

/** Tag, length, content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const lengthBytes =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...lengthBytes]), content]);
}
