// Who a request comes from. A proxy's word (X-Forwarded-For) counts only where the proxy is one that the
// operator named: the address is then the rightmost one that is no such proxy. Set into the server once, so
// that `request.ip` is right at every door.
import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { ipRanges, plainIp } from './ip-ranges.ts';

/**
 * The framework's `trustProxy`.
 * @param proxies addresses and CIDRs; none: nobody's word counts
 */
export function trustedProxies(proxies: readonly string[]): false | ((address: string) => boolean) {
  if (proxies.length === 0) return false;
  const ranges = ipRanges(proxies);
  return (address) => ranges.holds(withoutPort(address));
}

/**
 * The caller's address, without port and zone, IPv4 as IPv4. What a proxy says that is no address isn't
 * believed.
 */
export function clientAddress(request: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  const { ip } = request;
  if (ip !== last.ip) last = { ip, said: addressIn(ip) };
  return last.said ?? plainIp(request.socket.remoteAddress ?? '');
}

/** Calls of one caller come one after the other. */
let last: { ip: string; said: string | null } = { ip: '', said: null };

function addressIn(ip: string): string | null {
  const said = plainIp(withoutPort(ip));
  return isIP(said) === 0 ? null : said;
}

/** Some proxies write `198.51.100.7:4711` or `[2001:db8::1]:4711`. */
function withoutPort(address: string): string {
  const [, bracketed, dotted] = /^\[([^\]]+)\](?::\d+)?$|^([0-9.]+):\d+$/.exec(address) ?? [];
  return bracketed ?? dotted ?? address;
}

/**
 * What counts as one caller where callers are paced: an IPv4 address, or the /64 that an IPv6 caller may
 * choose addresses from.
 */
export function neighbourhoodOf(ip: string): string {
  if (isIP(ip) !== 6) return ip;
  const [before = '', after] = ip.toLowerCase().split('::');
  const groups = before === '' ? [] : before.split(':');
  const missing = after === undefined ? 0 : 8 - groups.length - (after === '' ? 0 : after.split(':').length);
  const all = [...groups, ...Array(missing).fill('0'), ...(after ?? '').split(':')];
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
