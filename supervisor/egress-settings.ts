// Judges what the operator has set about egress against the machine that it is to work on. Pure. Called by
// supervise at start.
import { isIPv4 } from 'node:net';
import { isLoopback } from './addresses.ts';

/**
 * @param source MILLRACE_EGRESS_SOURCE, or null
 * @param hostAddresses every address of this machine
 * @returns why the source can't be used, or null
 */
export function sourceProblem(source: string | null, hostAddresses: readonly string[]): string | null {
  const usable = hostAddresses.filter((address) => isIPv4(address) && !isLoopback(address));
  if (source === null || usable.includes(source)) return null;
  const list = usable.length === 0 ? 'it has none' : `it has ${usable.join(', ')}`;
  return `MILLRACE_EGRESS_SOURCE: ${source} is not an address of this machine that can be seen from outside; ${list}`;
}

/** @returns what in MILLRACE_EGRESS_ALLOW opens nothing, each with the reason */
export function uselessNetworks(allow: readonly string[]): { network: string; reason: string }[] {
  return allow.flatMap((network) => {
    const address = network.split('/')[0] ?? '';
    if (!isIPv4(address)) return [{ network, reason: 'functions have no IPv6' }];
    if (isLoopback(address)) return [{ network, reason: 'a function has a loopback of its own' }];
    return [];
  });
}
