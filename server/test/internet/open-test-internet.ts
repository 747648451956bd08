// An internet of the tests' own, for promises that reach the network: a namespace with real servers in it,
// names that resolve only there (under .test, RFC 6761) and certificates that only those trust that are asked
// to. The machine needs no way to the real internet and nothing here ever asks for one.
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeAuthority } from './certificates.ts';
import { type HostProcess, startHostProcess } from './host-process.ts';
import { startNameServer } from './name-server.ts';
import { makeNetwork } from './network.ts';

export type TestHost = Pick<HostProcess, 'ask'> & { name: string; address: string };

export type TestInternet = {
  /** For MILLRACE_DNS. */
  dnsAddress: string;
  /** PEM file for MILLRACE_EXTRA_CA_CERTS; readable by every user. */
  caFile: string;
  /**
   * The machine's own address on this internet: where a connection that left through NAT seems to come from.
   */
  machineAddress: string;
  namespace: string;
  /**
   * Brings up a host under a name, serving ports 80 and 443.
   * @param standInFile a file of stand-ins/, absolute: `standIn('mailchimp')`
   */
  host(name: string, standInFile: string): Promise<TestHost>;
  /** Ends every process and removes everything. Idempotent. */
  close(): Promise<void>;
};

/** For the `skip` option of tests that need this: the reason why it can't be had here, or false. */
export function noTestInternet(): string | false {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux';
  return process.getuid?.() === 0 ? false : 'making a network namespace takes root';
}

const FOLDER_PREFIX = 'millrace-internet-';

/** Path of a stand-in by its name. */
export function standIn(name: string): string {
  return path.join(import.meta.dirname, 'stand-ins', `${name}.ts`);
}

/** Close it in an `after` hook. */
export async function openTestInternet(): Promise<TestInternet> {
  removeOrphanFolders();
  const folder = mkdtempSync(path.join(tmpdir(), `${FOLDER_PREFIX}${process.pid}-`));
  // Open to look into: the server that reads the root certificate is another user. Keys are 0600.
  chmodSync(folder, 0o755);
  const network = makeNetwork();
  const removeNow = (): void => network.remove();
  process.once('exit', removeNow);
  const authority = makeAuthority(folder);
  const dnsAddress = network.nextAddress();
  const names = await startNameServer(network.namespace, dnsAddress, folder);
  const processes: HostProcess[] = [];
  return {
    dnsAddress,
    caFile: authority.caFile,
    machineAddress: network.machineAddress,
    namespace: network.namespace,
    async host(name, standInFile) {
      const address = network.nextAddress();
      const place = { address, ...authority.issue(name) };
      const started = await startHostProcess(network.namespace, standInFile, place);
      processes.push(started);
      await names.add(name, address);
      return { name, address, ask: started.ask };
    },
    async close() {
      await Promise.all([names.stop(), ...processes.map((one) => one.stop())]);
      network.remove();
      process.off('exit', removeNow);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Folders bear the process id of their maker, as namespaces do; those of tests that were killed are removed.
 */
function removeOrphanFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(FOLDER_PREFIX) ? name.slice(FOLDER_PREFIX.length).split('-')[0] : undefined;
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    rmSync(path.join(tmpdir(), name), { recursive: true, force: true });
  }
}
