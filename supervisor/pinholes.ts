// Where the platform's public URL and the resolver lie, seen from a sandbox: on the host's loopback, on
// another address of the host, or elsewhere. Pure decisions over addresses already looked up. Called by
// supervise when it plans the egress.
import { isIPv4 } from 'node:net';
import { isLoopback } from './addresses.ts';
import type { Pinhole } from './egress-rules.ts';

export type PlatformFacts = {
  publicUrl: string;
  /** IPv4 address of the public URL's host; null: the name can't be resolved. */
  publicAddress: string | null;
  /** Address that the server listens on, e.g. `0.0.0.0`, and its port. */
  listenHost: string;
  listenPort: number;
};

/** @returns null when there is no address to open one to */
export function planPlatformPinhole(facts: PlatformFacts): Pinhole | null {
  const url = new URL(facts.publicUrl);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (facts.publicAddress === null || port === 0) return null;
  if (!isLoopback(facts.publicAddress)) return { address: facts.publicAddress, port, hostTarget: null };
  const boundElsewhere =
    port === facts.listenPort &&
    isIPv4(facts.listenHost) &&
    facts.listenHost !== '0.0.0.0' &&
    !isLoopback(facts.listenHost);
  return { address: '127.0.0.1', port, hostTarget: boundElsewhere ? facts.listenHost : facts.publicAddress };
}

/**
 * @returns the pinhole that build jails need to a registry on this machine; null for one elsewhere, which
 * needs none
 */
export function planRegistryPinhole(
  registry: { port: number },
  addresses: readonly string[],
  hostAddresses: readonly string[],
): Pinhole | null {
  const own = addresses.find((address) => isLoopback(address) || hostAddresses.includes(address));
  if (own === undefined) return null;
  return { address: own, port: registry.port, hostTarget: isLoopback(own) ? own : null };
}

/**
 * Lines for the sandbox's /etc/hosts: `localhost`, and the public URL's name where only this machine may know
 * it.
 * @param hostAddresses every address of this machine
 */
export function hostsFile(facts: PlatformFacts, hostAddresses: readonly string[]): string {
  const lines = ['127.0.0.1 localhost'];
  const name = new URL(facts.publicUrl).hostname;
  const address = facts.publicAddress;
  if (address !== null && name !== address && name !== 'localhost' && !name.startsWith('[')) {
    if (isLoopback(address)) lines.push(`127.0.0.1 ${name}`);
    else if (hostAddresses.includes(address)) lines.push(`${address} ${name}`);
  }
  return `${lines.join('\n')}\n`;
}

export type ResolverPlan = {
  /** What the sandbox's /etc/resolv.conf names. */
  nameservers: string[];
  /** Search domains and options, as the host has them. */
  otherLines: string[];
  /** Host's loopback resolver to which the gateway hands DNS on. */
  loopbackResolver: string | null;
};

/**
 * @param configured MILLRACE_DNS; empty: the host's own
 * @param resolvConf the host's resolv.conf (the one with upstream servers, where a local stub stands in front
 * of it)
 * @param gateway address that stands for the host in a sandbox
 */
export function planResolvers(
  configured: readonly string[],
  resolvConf: string,
  gateway: string,
): ResolverPlan {
  const lines = resolvConf.split('\n').map((line) => line.trim());
  const own = lines.filter((line) => line.startsWith('nameserver ')).map((line) => line.slice(11).trim());
  // glibc and c-ares ask three servers at most.
  const servers = (configured.length > 0 ? configured : own).filter(isIPv4).slice(0, 3);
  const otherLines =
    configured.length > 0 ? [] : lines.filter((line) => /^(search|domain|options) /.test(line));
  return {
    nameservers: [...new Set(servers.map((server) => (isLoopback(server) ? gateway : server)))],
    otherLines,
    loopbackResolver: servers.find(isLoopback) ?? null,
  };
}
