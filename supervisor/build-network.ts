// What a build jail reaches and what it takes names for: the package registry, looked up anew for each build,
// and nothing else. Makes the /etc of one build jail; the rules are egress-rules.ts `buildRules`. Called by
// jail-contents.ts.
import { rmSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import path from 'node:path';
import { isInNetworks } from './addresses.ts';
import { buildRules, type Pinhole } from './egress-rules.ts';
import { writeEtcFolder } from './etc-folder.ts';

export type PackageSource = {
  hostname: string;
  port: number;
  /** Other hosts that it keeps its files on, at the same port. */
  fileHosts: readonly string[];
  /** Set where it is on this machine: the host's rules then let build jails through. */
  pinhole: Pinhole | null;
};

/** What all build jails of an installation have in common. */
export type BuildSite = {
  /** Canonical folder of the npm package. */
  npmDir: string;
  /** Canonical path of the Node binary that npm runs on. */
  node: string;
  registry: PackageSource;
  /** Of Python's packages. */
  pythonIndex: PackageSource;
  /** Every address of this machine. */
  hostAddresses: readonly string[];
  /** Stands for the host in every sandbox. */
  gateway: string;
  /** Folder in which each build jail gets an /etc of its own. */
  runDir: string;
  extraCaCerts: string | null;
  /** IPv4 addresses of a name. */
  lookup(hostname: string): Promise<string[]>;
};

export type BuildNetwork = { rules: string; etcDir: string; remove(): void };

/** @throws Error when the registry has no address, or one that only a start of the platform can open */
export async function openBuildNetwork(
  site: BuildSite,
  source: PackageSource,
  id: string,
): Promise<BuildNetwork> {
  const { hostname, port, fileHosts, pinhole } = source;
  const names = pinhole === null ? [hostname, ...fileHosts] : [hostname];
  const found: { name: string; addresses: string[] }[] = [];
  for (const name of names)
    found.push({ name, addresses: pinhole === null ? await publicAddresses(site, name) : [pinhole.address] });
  const addresses = found.flatMap((one) => one.addresses);
  const etcDir = path.join(site.runDir, `build-etc-${id}`);
  const hosts = hostsOfBuild(found);
  writeEtcFolder(etcDir, { hosts, resolvConf: '', extraCaCerts: site.extraCaCerts });
  const route = { addresses, port, hostTarget: pinhole?.hostTarget ?? null };
  return {
    rules: buildRules(route, site.gateway),
    etcDir,
    remove: () => rmSync(etcDir, { recursive: true, force: true }),
  };
}

async function publicAddresses(site: BuildSite, hostname: string): Promise<string[]> {
  const addresses = await site.lookup(hostname);
  if (addresses.length === 0) throw new Error(`the package registry ${hostname} has no address`);
  const own = addresses.find((one) => isInNetworks(one, ['127.0.0.0/8', ...site.hostAddresses]));
  if (own !== undefined) {
    throw new Error(`the package registry is on this machine since lately (${own}): restart Millrace`);
  }
  return addresses;
}

/** A build asks no resolver: its hosts file has the registry's name. */
function hostsOfBuild(found: readonly { name: string; addresses: readonly string[] }[]): string {
  const named = found.filter(({ name }) => !isIPv4(name) && name !== 'localhost');
  const lines = named.flatMap(({ name, addresses }) => addresses.map((address) => `${address} ${name}`));
  return `${['127.0.0.1 localhost', ...lines].join('\n')}\n`;
}
