// The settings of HTTPS, and the word that an operator has for those who work on the command line. Pure; part
// of config.ts, which reports all problems at once.
import { isIP } from 'node:net';
import path from 'node:path';
import type { SettingReader } from './setting-reader.ts';

export type TlsSettings = {
  /** Serves the same as the public port over HTTPS; null: off. MILLRACE_TLS_PORT */
  tlsPort: number | null;
  /** Absolute; PEM, the certificate first; null: one of our own. MILLRACE_TLS_CERT */
  tlsCert: string | null;
  /** Absolute; PEM. MILLRACE_TLS_KEY */
  tlsKey: string | null;
  /** The directory of an authority that gives certificates by ACME; null: none is asked. MILLRACE_ACME */
  acme: string | null;
  /** Whom the authority may write to. MILLRACE_ACME_EMAIL */
  acmeEmail: string | null;
  /**
   * Names and addresses, besides localhost, that a certificate of our own is made for. MILLRACE_PUBLIC_HOST
   */
  publicHosts: string[];
  /** Shown to everybody before a command of a client that can show it; null: nothing. MILLRACE_NOTICE */
  notice: string | null;
  /**
   * Certificate and key in one file, where the launcher hands them to a server that may not read the
   * operator's. Set by ourselves alone.
   */
  tlsHandedOver: string | null;
};

export const TLS_SETTING_NAMES = [
  'MILLRACE_TLS_PORT',
  'MILLRACE_TLS_CERT',
  'MILLRACE_TLS_KEY',
  'MILLRACE_ACME',
  'MILLRACE_ACME_EMAIL',
  'MILLRACE_PUBLIC_HOST',
  'MILLRACE_NOTICE',
] as const;

type Read = Pick<SettingReader, 'text' | 'list'>;

const DEFAULT_PORT = 8743;
const LONGEST_ADDRESS = 2000;
const LONGEST_NOTICE = 1000;
const EMAIL = /^(?=.{3,254}$)[^\s@,?]+@[^\s@,?]+$/;
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;

/** @param workingDir what relative paths begin at */
export function parseTlsSettings({ text, list }: Read, workingDir: string, problems: string[]): TlsSettings {
  const absolute = (name: string): string | null => {
    const file = text(name);
    return file === null ? null : path.resolve(workingDir, file);
  };
  const tlsCert = absolute('MILLRACE_TLS_CERT');
  const tlsKey = absolute('MILLRACE_TLS_KEY');
  if ((tlsCert === null) !== (tlsKey === null)) {
    problems.push('MILLRACE_TLS_CERT and MILLRACE_TLS_KEY must be set together');
  }
  const publicHosts = list('MILLRACE_PUBLIC_HOST');
  for (const host of publicHosts) {
    if (isIP(host) === 0 && !HOST_NAME.test(host)) {
      problems.push(`MILLRACE_PUBLIC_HOST: ${JSON.stringify(host)} is not a host name or an address`);
    }
  }
  const notice = text('MILLRACE_NOTICE');
  if (notice !== null && notice.length > LONGEST_NOTICE) {
    problems.push(`MILLRACE_NOTICE must have at most ${LONGEST_NOTICE} characters`);
  }
  const tlsPort = parsePort(text('MILLRACE_TLS_PORT'), problems);
  const acme = parseAcme(text('MILLRACE_ACME'), problems);
  if (acme !== null && tlsCert !== null)
    problems.push('MILLRACE_ACME and MILLRACE_TLS_CERT can not be set together');
  if (acme !== null && tlsPort === null)
    problems.push('MILLRACE_ACME needs HTTPS: MILLRACE_TLS_PORT must not be 0');
  const acmeEmail = text('MILLRACE_ACME_EMAIL');
  if (acmeEmail !== null && !EMAIL.test(acmeEmail))
    problems.push('MILLRACE_ACME_EMAIL must be an e-mail address');
  const tlsHandedOver = text('MILLRACE_INTERNAL_TLS_FILE');
  return { tlsPort, tlsCert, tlsKey, acme, acmeEmail, publicHosts, notice, tlsHandedOver };
}

function parseAcme(value: string | null, problems: string[]): string | null {
  if (value === null) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url?.protocol === 'https:' && url.username === '' && url.hash === '' && value.length <= LONGEST_ADDRESS)
    return url.href;
  problems.push('MILLRACE_ACME must be the https address of a directory of ACME');
  return null;
}

function parsePort(value: string | null, problems: string[]): number | null {
  if (value === null) return DEFAULT_PORT;
  const port = /^[0-9]{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (port === 0) return null;
  if (port <= 65_535) return port;
  problems.push(`MILLRACE_TLS_PORT must be a port, or 0 for none, not ${JSON.stringify(value)}`);
  return null;
}
