// What clients see of the certificates of a server on this machine, and authorities of its answers.
import { request } from 'node:http';
import { connect, type PeerCertificate } from 'node:tls';
import { until } from '../until.ts';

/** @returns the certificate that a client gets who trusts the authority alone; null: none that it trusts */
export function certificateOf(port: number, name: string, ca: string): Promise<PeerCertificate | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, servername: name, ca }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.on('error', () => resolve(null));
  });
}

/** The same, once there is one. */
export async function soonCertified(port: number, name: string, ca: string): Promise<PeerCertificate> {
  let found: PeerCertificate | null = null;
  await until(`a certificate of ${name}`, async () => {
    found = await certificateOf(port, name, ca);
    return found !== null;
  });
  return found as unknown as PeerCertificate;
}

/** Asks as an authority does that looks whether a name leads here. */
export function lookForChallenge(
  port: number,
  host: string,
  token: string,
): Promise<{ status: number; text: string }> {
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
