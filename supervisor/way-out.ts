// How functions reach the outside where Millrace runs without root: all sandboxes' links end in a network
// namespace of ours, and `pasta` (package passt) carries what leaves it out of an ordinary user's sockets.
// Pure. Called by launcher/without-root.ts; the same rules as with root decide who reaches what
// (egress-rules.ts).
import { addressToNumber, numberToAddress } from './addresses.ts';

/** The link between our network namespace and pasta. */
export type OutsideLink = { address: string; gateway: string };

/** Its name in our namespace. */
export const OUTSIDE = 'outside';
const LINK_BITS = 30;
const LAST_ADDRESS = 2 ** 16 - 1;

/** @returns the last link of the /16: no sandbox has these addresses */
export function linkOf(sandboxNetwork: string): OutsideLink {
  const last = addressToNumber(sandboxNetwork) + LAST_ADDRESS;
  return { gateway: numberToAddress(last - 2), address: numberToAddress(last - 1) };
}

export type WayOutPlan = {
  link: OutsideLink;
  /** Address of the machine that functions are seen from; null: whichever the route has. */
  source: string | null;
  /** A resolver on the machine's loopback, which is asked by the link's gateway; null: none. */
  loopbackResolver: string | null;
  /**
   * Ports on the machine's loopback that are reached from our namespace's own: the public URL's and the
   * registry's.
   */
  loopbackPorts: readonly number[];
};

/**
 * Nothing is forwarded inwards; nothing of the machine's loopback is reached but by what is named. No option
 * has a space in it.
 * @returns options for pasta 2023-03 (Debian 12) and later, without the namespace
 */
export function pastaOptions({ link, source, loopbackResolver, loopbackPorts }: WayOutPlan): string[] {
  const ports = [...new Set(loopbackPorts)];
  return [
    ...['--quiet', '--config-net', '--ipv4-only', '--ns-ifname', OUTSIDE],
    ...['--address', link.address, '--netmask', String(LINK_BITS), '--gateway', link.gateway],
    ...['--no-map-gw', '--no-icmp', '--no-dhcp', '--no-dhcpv6', '--no-ndp', '--no-ra'],
    ...['--tcp-ports', 'none', '--udp-ports', 'none', '--udp-ns', 'none'],
    ...['--tcp-ns', ports.length === 0 ? 'none' : ports.join(',')],
    ...(source === null ? [] : ['--outbound', source]),
    ...(loopbackResolver === null ? [] : ['--dns', loopbackResolver, '--dns-forward', link.gateway]),
  ];
}
