// The certificate authority of one test internet: made when the internet is, trusted only where that is asked
// for, gone with its folder. Called by open-test-internet.ts.
import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export type Authority = {
  /** PEM file of the root, readable by everybody. */
  caFile: string;
  /** Makes a certificate for one host name. */
  issue(hostName: string): { keyFile: string; certFile: string };
};

/**
 * Every extension is named on the command line: what openssl's own configuration adds differs between
 * systems.
 */
const CONFIGURATION = '[req]\ndistinguished_name = dn\n[dn]\n';

/** @param folder an empty folder; key files in it are readable by their owner alone */
export function makeAuthority(folder: string): Authority {
  const configFile = path.join(folder, 'openssl.cnf');
  writeFileSync(configFile, CONFIGURATION);
  const request = (name: string, extensions: string[], signer: string[]) => {
    const files = { keyFile: path.join(folder, `${name}.key`), certFile: path.join(folder, `${name}.pem`) };
    const key = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      files.keyFile,
    ];
    const subject = ['-subj', `/CN=${name}`, '-days', '2', '-out', files.certFile];
    const added = extensions.flatMap((extension) => ['-addext', extension]);
    const args = ['req', '-x509', '-config', configFile, ...key, ...subject, ...added, ...signer];
    execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    chmodSync(files.certFile, 0o644);
    return files;
  };
  const root = request(
    'ca',
    ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'],
    [],
  );
  const signer = ['-CA', root.certFile, '-CAkey', root.keyFile];
  const leaf = ['basicConstraints=critical,CA:FALSE', 'extendedKeyUsage=serverAuth'];
  return {
    caFile: root.certFile,
    issue: (hostName) => request(hostName, [...leaf, `subjectAltName=DNS:${hostName}`], signer),
  };
}
