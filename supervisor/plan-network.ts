// Decides what sandboxes reach and how they resolve names, of the settings and of what was found out about
// the machine. Pure; looks nothing up and writes no rule. Called by supervise.ts; network-facts.ts does the
// looking.

import type { SupervisorSettings } from '../contract/supervisor-settings.ts';
import { StartError } from '../process/start-error.ts';
import type { EgressPlan } from './egress-rules.ts';
import { sourceProblem, uselessNetworks } from './egress-settings.ts';
import type { NetworkFacts } from './network-facts.ts';
import type { NetworkRange } from './network-range.ts';
import { hostsFile, planPlatformPinhole, planRegistryPinhole, planResolvers } from './pinholes.ts';

type Settings = Pick<
  SupervisorSettings,
  | 'dnsServers'
  | 'egressAllow'
  | 'egressSource'
  | 'egressUdp'
  | 'host'
  | 'npmRegistry'
  | 'pypiIndex'
  | 'port'
  | 'publicUrl'
  | 'database'
>;

export type NetworkPlan = {
  egress: EgressPlan;
  /** Lines of a sandbox's /etc/hosts and /etc/resolv.conf. */
  hosts: string;
  resolvConf: string;
  warnings: { facts: object; message: string }[];
};

/** @throws StartError where a setting can't be followed on this machine */
export function planNetwork(
  settings: Settings,
  range: Pick<NetworkRange, 'cidr' | 'gateway'>,
  facts: NetworkFacts,
): NetworkPlan {
  const { hostAddresses, isRouter } = facts;
  const problem = sourceProblem(settings.egressSource, hostAddresses);
  if (problem !== null) throw new StartError(problem);
  const resolvers = planResolvers(settings.dnsServers, facts.resolvConf, facts.loopbackStandIn);
  const { publicUrl, host: listenHost, port: listenPort } = settings;
  const platformFacts = { publicUrl, publicAddress: facts.publicAddress, listenHost, listenPort };
  const platform = planPlatformPinhole(platformFacts);
  const { database } = settings;
  const egress: EgressPlan = {
    ...{ range, hostAddresses, platform },
    allow: settings.egressAllow,
    ...(isRouter ? { source: settings.egressSource } : { source: null, sourceHere: '127.0.0.1' }),
    udpPorts: settings.egressUdp,
    resolvers: resolvers.nameservers,
    loopbackResolver: isRouter ? resolvers.loopbackResolver : null,
    database: database === null ? null : { addresses: facts.databaseAddresses, port: database.port },
    registry: planRegistryPinhole(
      registryPlace(settings.npmRegistry),
      facts.registryAddresses,
      hostAddresses,
    ),
    pythonIndex: planRegistryPinhole(registryPlace(settings.pypiIndex), facts.indexAddresses, hostAddresses),
  };
  const nameservers = resolvers.nameservers.map((address) => `nameserver ${address}`);
  return {
    egress,
    hosts: hostsFile(platformFacts, hostAddresses),
    resolvConf: `${[...nameservers, ...resolvers.otherLines].join('\n')}\n`,
    warnings: [
      ...uselessNetworks(settings.egressAllow).map((facts) => ({
        facts,
        message: 'MILLRACE_EGRESS_ALLOW names a network that it does not open',
      })),
      ...(platform === null
        ? [{ facts: { publicUrl }, message: "functions can't reach the public URL: no address" }]
        : []),
      ...(resolvers.nameservers.length === 0
        ? [{ facts: {}, message: 'functions have no resolver: set MILLRACE_DNS' }]
        : []),
    ],
  };
}

export function registryPlace(address: string): { hostname: string; port: number } {
  const { hostname, port, protocol } = new URL(address);
  return { hostname, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
}

/** The one index that everybody has keeps its files on another host. */
export function fileHostsOf(index: string): string[] {
  return new URL(index).hostname === 'pypi.org' ? ['files.pythonhosted.org'] : [];
}
