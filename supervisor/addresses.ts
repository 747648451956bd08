// Arithmetic with IPv4 addresses and networks, for link addresses and egress rules. Pure. Called by
// egress-rules, network-range and pinholes.
import { BlockList, isIPv4 } from 'node:net';

/** @returns the address as an unsigned 32-bit number */
export function addressToNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** @param number an unsigned 32-bit number */
export function numberToAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

/**
 * Whether `address` (IPv4) lies in one of `networks` (CIDRs or addresses; others than IPv4 are passed over).
 */
export function isInNetworks(address: string, networks: readonly string[]): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [first = '', bits = '32'] = network.split('/');
    if (isIPv4(first)) list.addSubnet(first, Number(bits), 'ipv4');
  }
  return list.check(address, 'ipv4');
}

/** Whether `address` is one of the loopback's, 127.0.0.0/8. */
export function isLoopback(address: string): boolean {
  return isInNetworks(address, ['127.0.0.0/8']);
}
