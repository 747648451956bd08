// Writes the /etc that every jail of an installation sees: names, resolvers and certificates, nothing of the
// host's own users or settings. Called by supervise at start.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { SANDBOX_UID } from './jail-arguments.ts';
import { javaRoots } from './java-roots.ts';

export type EtcContents = {
  hosts: string;
  resolvConf: string;
  /** PEM text that is trusted besides the host's roots. */
  extraCaCerts: string | null;
};

/** Where distributions keep the bundle of trusted roots. */
const ROOT_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
/** Of the host's own files only these, where they exist: how to find libraries and OpenSSL's defaults. */
const COPIED = ['ssl/openssl.cnf', 'ld.so.cache', 'protocols', 'services', 'mime.types'];

/** @param dir made anew; readable by every jail */
export function writeEtcFolder(dir: string, contents: EtcContents): void {
  rmSync(dir, { recursive: true, force: true });
  const write = (file: string, text: string | Buffer): void => {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true, mode: 0o755 });
    writeFileSync(path.join(dir, file), text, { mode: 0o644 });
  };
  write('passwd', `sandbox:x:${SANDBOX_UID}:${SANDBOX_UID}:sandbox:/tmp:/bin/sh\n`);
  write('group', `sandbox:x:${SANDBOX_UID}:\n`);
  write('hostname', 'sandbox\n');
  write('hosts', contents.hosts);
  write('resolv.conf', contents.resolvConf);
  write('nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n');
  const roots = ROOT_BUNDLES.find((file) => existsSync(file));
  const hostRoots = roots === undefined ? '' : readFileSync(roots, 'utf8');
  const allRoots = `${hostRoots.trimEnd()}\n${contents.extraCaCerts ?? ''}`;
  write('ssl/certs/ca-certificates.crt', allRoots);
  write('ssl/certs/java/cacerts', javaRoots(allRoots));
  symlinkSync('certs/ca-certificates.crt', path.join(dir, 'ssl/cert.pem'));
  if (contents.extraCaCerts !== null) write('ssl/millrace-extra.pem', contents.extraCaCerts);
  for (const file of COPIED) {
    if (existsSync(path.join('/etc', file))) copyFileSync(path.join('/etc', file), path.join(dir, file));
  }
}
