// Writes the nftables rules that decide whom a sandbox reaches: one table inside every sandbox's network
// namespace, and one on the host that translates addresses and guards the host itself. Pure text; networks.ts
// and host-network.ts load it. The same for every sandbox of an installation, but for what its account is
// allowed and denied. The rule's source: docs/security.md.
import { isIPv4 } from 'node:net';
import { type EgressNetwork, EVERYWHERE } from '../contract/egress-network.ts';
import { PRIVATE_NETWORKS } from '../contract/private-networks.ts';

/**
 * One service that the firewall around sandboxes lets through, seen from a sandbox: the platform's public
 * URL, a registry.
 */
export type Pinhole = {
  /** Address that a function connects to; a loopback address is translated to the host's. */
  address: string;
  port: number;
  /** Address on this machine to which the host hands it on; null: `address` is reached as it is. */
  hostTarget: string | null;
};

export type EgressPlan = {
  /** The installation's links, e.g. `100.96.8.0/21`, and the address in it that stands for the host. */
  range: { cidr: string; gateway: string };
  /** Networks (CIDRs) that functions may reach although they are private. */
  allow: readonly string[];
  /** The only addresses that may be asked on port 53. */
  resolvers: readonly string[];
  /**
   * Loopback address of the host that answers DNS sent to the gateway; null: resolvers are reached as they
   * are.
   */
  loopbackResolver: string | null;
  /** Every address of this machine. */
  hostAddresses: readonly string[];
  /** Addresses and port of the database when it lies outside of this machine. */
  database: { addresses: readonly string[]; port: number } | null;
  platform: Pinhole | null;
  /** The package registry, where it is on this machine: for build jails alone. */
  registry: Pinhole | null;
  /** The same of Python's packages. */
  pythonIndex: Pinhole | null;
  /**
   * Address of this machine that functions are seen from, here and outside; null: whichever the route has.
   */
  source: string | null;
  /**
   * As whom functions are seen here, where that isn't the source: what listens for pasta takes connections
   * from loopback alone.
   */
  sourceHere?: string;
  /** Ports, `n` or `n-m`, of public addresses that are reached by UDP. */
  udpPorts: readonly string[];
};

/**
 * What one account's sandboxes may reach besides, and what they must not. What is denied is denied whatever
 * is allowed.
 */
export type AccountEgress = { allow: readonly EgressNetwork[]; deny: readonly EgressNetwork[] };

const AS_ALL: AccountEgress = { allow: [], deny: [] };

/**
 * Connections, datagrams' included, that one sandbox may have open at a time: the kernel remembers each of
 * them in a table that the whole machine shares.
 */
const MOST_CONNECTIONS = 2048;

/**
 * Of one sandbox: packets that are refused, and answers of resolvers, of which call-watch/ hears. More than
 * it says of a sandbox (its LINES_A_SECOND): it must know that something is left out.
 */
const REFUSED_A_SECOND = 250;
const NAMES_A_SECOND = 250;

/**
 * The table inside a sandbox's network namespace. Refusals answer at once (`reject`), so that a function sees
 * an error and doesn't wait for its time limit. IPv6 has no way out at all: the namespace has it switched
 * off, this table says it again.
 */
export function sandboxRules(plan: EgressPlan, account: AccountEgress = AS_ALL): string {
  const { platform, range } = plan;
  const isAllDenied = account.deny.some(({ cidr, ports }) => cidr === EVERYWHERE && ports === null);
  const forbidden = [...PRIVATE_NETWORKS, range.cidr, ...plan.hostAddresses.filter(isIPv4)];
  return `
table inet millrace {
  set allowed { ${networkSet(plan.allow)} }
  set forbidden { ${networkSet(forbidden)} }
  set resolvers { ${networkSet(isAllDenied ? [] : plan.resolvers)} }
  set denied { ${networkSet(wholeNetworks(account.deny))} }
  set allowed_account { ${networkSet(wholeNetworks(account.allow))} }
  set udp_ports { type inet_service; flags interval; auto-merge;${setElements(plan.udpPorts)} }
  set connections { type ipv4_addr; flags dynamic; size 4; }
  chain refuse {
    ${logLine('r', REFUSED_A_SECOND)}
    reject with icmp type admin-prohibited
  }
  chain refuse_at_once {
    ${logLine('r', REFUSED_A_SECOND)}
    reject
  }
  chain output {
    type filter hook output priority filter; policy drop;
    oifname "lo" accept
    meta nfproto ipv6 drop
    ct state established,related accept
    ct state new add @connections { ip saddr ct count over ${MOST_CONNECTIONS} } goto refuse_at_once
    meta l4proto { tcp, udp } th dport 53 ip daddr @resolvers accept
    meta l4proto { tcp, udp } th dport 53 goto refuse_at_once
    ${platform === null ? '' : `ip daddr ${platform.hostTarget === null ? platform.address : range.gateway} tcp dport ${platform.port} accept`}
    ip daddr @denied goto refuse
    ${portRules(account.deny, 'goto refuse')}
    ip daddr @allowed accept
    ${databaseRule(plan)}
    ip daddr @allowed_account accept
    ${portRules(account.allow, 'accept')}
    ip daddr @forbidden goto refuse
    meta l4proto tcp accept
    udp dport @udp_ports accept
    goto refuse
  }
  chain input {
    type filter hook input priority filter; policy drop;
    iifname "lo" accept
    udp sport 53 ip saddr @resolvers ${logLine('n', NAMES_A_SECOND)}
    ct state established,related accept
  }
  ${platform?.hostTarget == null ? '' : pinholeTranslation(platform, range.gateway)}
}
`;
}

/** Where a build jail finds the package registry. */
export type RegistryRoute = { addresses: readonly string[]; port: number; hostTarget: string | null };

/**
 * The table inside a build jail's network namespace, in place of {@link sandboxRules}: the registry's
 * addresses and port, nothing else. Names are resolved before: not even a resolver is reached.
 */
export function buildRules(registry: RegistryRoute, gateway: string): string {
  const reached = registry.hostTarget === null ? registry.addresses : [gateway];
  const translation =
    registry.hostTarget === null
      ? ''
      : pinholeTranslation(
          { address: registry.hostTarget, port: registry.port, hostTarget: registry.hostTarget },
          gateway,
        );
  return `
table inet millrace {
  set registry { ${networkSet(reached)} }
  chain output {
    type filter hook output priority filter; policy drop;
    oifname "lo" accept
    meta nfproto ipv6 drop
    ct state established,related accept
    ip daddr @registry tcp dport ${registry.port} accept
    reject with icmp type admin-prohibited
  }
  chain input {
    type filter hook input priority filter; policy drop;
    iifname "lo" accept
    ct state established,related accept
  }
  ${translation}
}
`;
}

/**
 * In the sandbox: a connection to the public URL on `localhost` leaves for the gateway instead, from the
 * link's address.
 */
function pinholeTranslation({ address, port }: Pinhole, gateway: string): string {
  return `chain translate-output {
    type nat hook output priority -100; policy accept;
    ip daddr ${address} tcp dport ${port} dnat ip to ${gateway}
  }
  chain translate-postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "eth0" ip saddr 127.0.0.0/8 masquerade
  }`;
}

/**
 * The host's table for all sandboxes of an installation.
 * @param table its name, unique on the machine
 * @param links prefix of the links' names on the host
 */
export function hostRules(table: string, links: string, plan: EgressPlan): string {
  const { range } = plan;
  const pinholes = [plan.platform, plan.registry, plan.pythonIndex].filter((pinhole) => pinhole !== null);
  const own = `iifname "${links}*"`;
  return `
table inet ${table}
delete table inet ${table}
table inet ${table} {
  set allowed { ${networkSet(plan.allow)} }
  set resolvers { ${networkSet(plan.resolvers)} }
  set own { ${networkSet(plan.hostAddresses)} }
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
    ${pinholes.map((pinhole) => (pinhole.hostTarget === null ? '' : `${own} ip daddr ${range.gateway} tcp dport ${pinhole.port} dnat ip to ${pinhole.hostTarget}`)).join('\n    ')}
    ${plan.loopbackResolver === null ? '' : `${own} ip daddr ${range.gateway} meta l4proto { tcp, udp } th dport 53 dnat ip to ${plan.loopbackResolver}`}
  }
  chain input {
    type filter hook input priority filter; policy accept;
    iifname != "${links}*" accept
    ct state established,related accept
    ${pinholes.map((pinhole) => `ip daddr ${pinhole.hostTarget ?? pinhole.address} tcp dport ${pinhole.port} accept`).join('\n    ')}
    ${plan.loopbackResolver === null ? '' : `ip daddr ${plan.loopbackResolver} meta l4proto { tcp, udp } th dport 53 accept`}
    meta l4proto { tcp, udp } th dport 53 ip daddr @resolvers accept
    ip daddr @allowed accept
    drop
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    oifname "${links}*" ct state established,related accept
    oifname "${links}*" drop
    iifname != "${links}*" accept
    ct state established,related accept
    ${pinholes.map((pinhole) => `ip daddr ${pinhole.hostTarget ?? pinhole.address} tcp dport ${pinhole.port} accept`).join('\n    ')}
    meta l4proto { tcp, udp } th dport 53 ip daddr @resolvers accept
    ip daddr @allowed accept
    ip daddr @own drop
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${range.cidr} oifname != "${links}*" ${plan.source === null ? 'masquerade' : `snat ip to ${plan.source}`}
  }
  ${localSource(own, plan.sourceHere ?? plan.source)}
}
`;
}

/**
 * The machine's own services, the public URL above all, see the source that others see, not a link's address.
 */
function localSource(own: string, source: string | null): string {
  if (source === null) return '';
  return `chain source {
    type nat hook input priority 100; policy accept;
    ${own} snat ip to ${source}
  }`;
}

/** For call-watch/: what happens here goes on however much of it is logged. */
function logLine(prefix: 'r' | 'n', aSecond: number): string {
  return `limit rate ${aSecond}/second burst ${2 * aSecond} packets log prefix "${prefix}" group 1 queue-threshold 1`;
}

function databaseRule(plan: EgressPlan): string {
  const addresses = plan.database?.addresses.filter(isIPv4) ?? [];
  if (plan.database === null || addresses.length === 0) return '';
  return `ip daddr { ${addresses.join(', ')} } tcp dport ${plan.database.port} goto refuse`;
}

function wholeNetworks(networks: readonly EgressNetwork[]): string[] {
  return networks.filter(({ ports }) => ports === null).map(({ cidr }) => cidr);
}

/** One rule for each network of which only some ports are meant. */
function portRules(networks: readonly EgressNetwork[], verdict: string): string {
  const rules = networks.flatMap(({ cidr, ports }) =>
    ports === null
      ? []
      : [`ip daddr ${cidr} meta l4proto { tcp, udp } th dport ${ports.from}-${ports.to} ${verdict}`],
  );
  return rules.join('\n    ');
}

/** What stands between the braces of a named set. IPv6 is left out: nothing of it leaves a sandbox. */
function networkSet(networks: readonly string[]): string {
  const members = networks.filter((network) => isIPv4(network.split('/')[0] ?? ''));
  return `type ipv4_addr; flags interval; auto-merge;${setElements(members)}`;
}

function setElements(members: readonly string[]): string {
  return members.length === 0 ? '' : ` elements = { ${[...new Set(members)].join(', ')} }`;
}
