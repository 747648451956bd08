// Opens HTTPS beside the public port, with the operator's certificate or one of our own, and keeps the
// certificate fresh: a renewed file is taken up, and our own is made anew before it ends.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { explain } from '../../../process/explain.ts';
import { systemClock } from '../clock/clock.ts';
import type { Config } from '../config/config.ts';
import { openTls } from '../http/open-tls.ts';
import { belongTogether, openOwnCertificate, type TlsIdentity } from '../http/own-certificate.ts';
import type { Platform } from './platform.ts';

const LOOK_EVERY_MS = 60_000;

type Parts = Pick<Platform, 'config' | 'log' | 'endings' | 'http' | 'certificates'>;

/** Call it when every route is there. Does nothing where MILLRACE_TLS_PORT is 0. */
export async function startTls({ config, log, endings, http, certificates }: Parts): Promise<void> {
  if (config.tlsPort === null) return;
  const read = identityReader(config);
  let identity = await explain('the certificate for HTTPS can not be used', async () => read());
  const contextOf = certificates?.contextOf ?? (() => null);
  const options = { http, identity, contextOf, port: config.tlsPort, host: config.host, log };
  const door = await explain(`MILLRACE_TLS_PORT=${config.tlsPort}: HTTPS can not be served`, () =>
    openTls(options),
  );
  endings.push(() => door.close());
  const timer = setInterval(() => {
    try {
      const next = read();
      if (next.cert === identity.cert && next.key === identity.key) return;
      door.use(next);
      identity = next;
      log.info('HTTPS has a new certificate');
    } catch (error) {
      log.warn({ err: error }, 'the certificate for HTTPS could not be read again: the old one goes on');
    }
  }, LOOK_EVERY_MS);
  endings.push(async () => clearInterval(timer));
}

function identityReader(config: Config): () => TlsIdentity {
  const { tlsCert, tlsKey, tlsHandedOver, dataDir } = config;
  if (tlsHandedOver !== null) return () => given(readFileSync(tlsHandedOver, 'utf8'), tlsHandedOver);
  if (tlsCert !== null && tlsKey !== null) {
    return () => given(`${readFileSync(tlsKey, 'utf8')}\n${readFileSync(tlsCert, 'utf8')}`, tlsCert);
  }
  const hosts = ownHosts(config);
  return () => openOwnCertificate(path.join(dataDir, 'tls'), hosts, systemClock());
}

/** @param pem key and certificates, in any order */
function given(pem: string, name: string): TlsIdentity {
  const blocks = pem.match(/-----BEGIN ([A-Z ]+)-----[\s\S]*?-----END \1-----/g) ?? [];
  const key = blocks.find((block) => block.includes('PRIVATE KEY')) ?? '';
  const cert = `${blocks.filter((block) => block.startsWith('-----BEGIN CERTIFICATE')).join('\n')}\n`;
  if (!belongTogether({ cert, key })) throw new Error(`${name} and its key do not belong together`);
  return { cert, key };
}

function ownHosts({ publicHosts, publicUrl }: Config): string[] {
  const { hostname } = new URL(publicUrl);
  const own = hostname.replace(/^\[|\]$/g, '');
  return [...new Set(['localhost', '127.0.0.1', '::1', ...publicHosts, own])];
}
