// What a list about egress names: IPv4 networks, each possibly with ports, such as `198.51.100.0/24` or
// `10.1.2.3:5432-5440`. Pure. Read by the settings, by the API, and by the supervisor, which makes rules of
// it and takes nothing as text.
import { isIPv4 } from 'node:net';

export type EgressNetwork = {
  /** First address and length: `10.1.0.0/16`. */
  cidr: string;
  /** null: every protocol and port. Else TCP and UDP, both ends included. */
  ports: { from: number; to: number } | null;
};

const SHAPE = /^([0-9.]{7,15})(?:\/([0-9]{1,2}))?(?::([0-9]{1,5})(?:-([0-9]{1,5}))?)?$/;
/** All of IPv4. */
export const EVERYWHERE = '0.0.0.0/0';

/** @returns null where it isn't one */
export function parseEgressNetwork(text: string): EgressNetwork | null {
  const [, address = '', bits = '32', from, to = from] = SHAPE.exec(text) ?? [];
  if (!isIPv4(address) || Number(bits) > 32) return null;
  const cidr = `${firstAddress(address, Number(bits))}/${Number(bits)}`;
  if (from === undefined) return { cidr, ports: null };
  const ports = { from: Number(from), to: Number(to) };
  const isRange = ports.from >= 1 && ports.from <= ports.to && ports.to <= 65_535;
  return isRange ? { cidr, ports } : null;
}

/** As it is kept and shown: two spellings of one network are one text. */
export function egressNetworkText({ cidr, ports }: EgressNetwork): string {
  if (ports === null) return cidr;
  return ports.from === ports.to ? `${cidr}:${ports.from}` : `${cidr}:${ports.from}-${ports.to}`;
}

/** The address with everything beyond its first `bits` cleared. */
function firstAddress(address: string, bits: number): string {
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  const first = Math.floor(number / size) * size;
  return [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.');
}
