// The operator's certificate lies where often only root may read it, as its tools leave it. The launcher,
// which is root, hands the server a copy that the server's user may read and not change, and a new one when
// the files change.
import { chmodSync, chownSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StartError } from '../process/start-error.ts';
import type { Config } from '../server/src/config/config.ts';

const LOOK_EVERY_MS = 60_000;
const GROUP_READS = 0o640;

/**
 * @param folder root's own
 * @param gid of the server's user
 * @returns settings of the server
 * @throws StartError when a file can't be read
 */
export function handOverCertificate(
  { tlsCert, tlsKey, tlsPort }: Config,
  folder: string,
  gid: number,
): Record<string, string> {
  if (tlsPort === null || tlsCert === null || tlsKey === null) return {};
  const file = path.join(folder, 'tls.pem');
  const read = (): string =>
    `${readFileSync(tlsKey, 'utf8').trim()}\n${readFileSync(tlsCert, 'utf8').trim()}\n`;
  let copied: string;
  try {
    copied = read();
  } catch (error) {
    throw new StartError(`MILLRACE_TLS_CERT, MILLRACE_TLS_KEY: ${(error as Error).message}`);
  }
  copy(file, copied, gid);
  setInterval(() => {
    try {
      const now = read();
      if (now !== copied) copy(file, now, gid);
      copied = now;
    } catch (error) {
      console.error(`millrace: the certificate could not be read again: ${(error as Error).message}`);
    }
  }, LOOK_EVERY_MS).unref();
  return { MILLRACE_INTERNAL_TLS_FILE: file };
}

function copy(file: string, text: string, gid: number): void {
  const draft = `${file}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  chownSync(draft, 0, gid);
  chmodSync(draft, GROUP_READS);
  renameSync(draft, file);
}
