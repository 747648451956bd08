// Addresses that lead to somewhere else than the public internet: the one list for what functions may reach
// (supervisor/egress-rules.ts) and for what the server itself connects to on an account's behalf
// (http/outbound-rule.ts). Pure.
import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** RFC 6890 and cloud metadata. */
export const PRIVATE_NETWORKS = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
] as const;

/**
 * Of IPv6 only global unicast is public, and not those parts of it that carry other networks or stand for
 * nothing.
 */
const PUBLIC_V6 = '2000::/3';
const SPECIAL_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'] as const;

const privateV4 = blockList(PRIVATE_NETWORKS);
const publicV6 = blockList([PUBLIC_V6]);
const specialV6 = blockList(SPECIAL_V6);
const MAPPED_V4 = /^::ffff:(?:0:)?([0-9.]+)$/i;

/** @param address an IP address; whatever else it is counts as private */
export function isPrivateAddress(address: string): boolean {
  const plain = unmapped(address);
  if (isIPv4(plain)) return privateV4.check(plain, 'ipv4');
  if (!isIPv6(plain)) return true;
  return !publicV6.check(plain, 'ipv6') || specialV6.check(plain, 'ipv6');
}

/** @param networks CIDRs or addresses of either family */
export function isAddressIn(address: string, networks: readonly string[]): boolean {
  const plain = unmapped(address);
  return blockList(networks).check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
}

/** An IPv4 address that is written as an IPv6 one leads where the IPv4 address does. */
function unmapped(address: string): string {
  const bare = address.split('%', 1)[0] ?? '';
  if (!isIPv6(bare)) return bare;
  const canonical = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  const dotted = MAPPED_V4.exec(bare)?.[1];
  if (dotted !== undefined) return dotted;
  const words = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (words === null) return canonical;
  const [high, low] = [Number.parseInt(words[1] as string, 16), Number.parseInt(words[2] as string, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [first = '', bits] = network.split('/');
    const family = isIPv4(first) ? 'ipv4' : 'ipv6';
    if (isIPv4(first) || isIPv6(first))
      list.addSubnet(first, Number(bits ?? (family === 'ipv4' ? 32 : 128)), family);
  }
  return list;
}
