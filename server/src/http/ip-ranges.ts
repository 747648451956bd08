// Sets of addresses: who may call, which proxies are believed. IPv4 and IPv6 addresses and CIDRs. Pure. An
// IPv4 address that arrives inside an IPv6 one (::ffff:198.51.100.7) is that IPv4 address.
import { BlockList, isIP, isIPv4 } from 'node:net';

export type IpRanges = { holds(ip: string): boolean };

/** @returns the rule that an entry breaks, as the end of a sentence; null: it is fine */
export function ipRangeProblem(entry: string): string | null {
  const [address = '', bits, ...rest] = entry.split('/');
  const family = address.includes('%') ? 0 : isIP(address);
  if (family === 0 || rest.length > 0)
    return 'must be an IPv4 or IPv6 address, or a CIDR such as 198.51.100.0/24';
  const most = family === 4 ? 32 : 128;
  if (bits !== undefined && !(/^(0|[1-9][0-9]{0,2})$/.test(bits) && Number(bits) <= most)) {
    return `has a prefix that is not a whole number from 0 to ${most}`;
  }
  return null;
}

/** @param entries as checked by {@link ipRangeProblem} */
export function ipRanges(entries: readonly string[]): IpRanges {
  const ranges = new BlockList();
  for (const entry of entries) {
    const [written = '', bits] = entry.split('/');
    const address = plainIp(written);
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    const isMapped = address !== written;
    if (bits === undefined) ranges.addAddress(address, family);
    else ranges.addSubnet(address, isMapped ? Math.max(0, Number(bits) - 96) : Number(bits), family);
  }
  return {
    holds(ip) {
      const address = plainIp(ip);
      const family = isIP(address);
      return family !== 0 && ranges.check(address, family === 4 ? 'ipv4' : 'ipv6');
    },
  };
}

/** An IPv4 address inside an IPv6 one, taken out; without the zone of a link-local one. */
export function plainIp(ip: string): string {
  const [address = ''] = ip.split('%');
  const mapped = /^::ffff:([0-9.]+)$/i.exec(address)?.[1];
  return mapped !== undefined && isIPv4(mapped) ? mapped : address;
}
