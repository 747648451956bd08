// Which addresses the links between host and sandboxes bear: every installation on a machine claims one /21
// of the /16 it is configured with, and each sandbox gets a /31 of that. Pure but for the claim, which is an
// abstract Unix socket: the kernel frees it when the supervisor dies, however it dies. Called by supervise
// and networks.
import net, { isIPv4 } from 'node:net';
import { addressToNumber, isInNetworks, numberToAddress } from './addresses.ts';

const RANGES_PER_NETWORK = 32;
const ADDRESSES_PER_RANGE = 2048;
/** Slot 0 is kept for the range's gateway address. */
export const FIRST_SLOT = 1;
export const LAST_SLOT = ADDRESSES_PER_RANGE / 2 - 1;
/** Far above what distributions and container tools give out. */
const FIRST_UID = 2_000_000_000;

export type NetworkRange = {
  /** The claimed network, e.g. `100.96.8.0/21`. */
  cidr: string;
  /** Stands for the host in every sandbox; assigned to no link, the host's rules translate it. */
  gateway: string;
  /** Which of the /16's ranges it is, from 0. */
  index: number;
};

/** The addresses and user id that one slot of a range stands for. */
export type Slot = { hostAddress: string; sandboxAddress: string; uid: number };

/** @param index 0 to 31 */
export function rangeAt(sandboxNetwork: string, index: number): NetworkRange {
  const gateway = numberToAddress(addressToNumber(sandboxNetwork) + index * ADDRESSES_PER_RANGE);
  return { cidr: `${gateway}/21`, gateway, index };
}

/** @param slot {@link FIRST_SLOT} to {@link LAST_SLOT} */
export function slotAt(range: NetworkRange, slot: number): Slot {
  const first = addressToNumber(range.gateway) + slot * 2;
  return {
    hostAddress: numberToAddress(first),
    sandboxAddress: numberToAddress(first + 1),
    // A user of its own per sandbox, across all installations: limits that the kernel counts per user aren't
    // shared.
    uid: FIRST_UID + range.index * (ADDRESSES_PER_RANGE / 2) + slot,
  };
}

/** Something that only one process of this machine can hold. */
export type Claim = { release(): Promise<void> };

/** @returns null when another process holds the name */
export function claimName(name: string): Promise<Claim | null> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(`\0${name}`, () => {
      server.unref();
      resolve({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

/**
 * @param hostAddresses every address of this machine: a range with one of them is taken, such as by an
 * installation's that died
 *   and has left its links
 * @throws Error when all 32 ranges are taken
 */
export async function claimRange(
  sandboxNetwork: string,
  hostAddresses: readonly string[],
): Promise<NetworkRange & Claim> {
  for (let index = 0; index < RANGES_PER_NETWORK; index++) {
    const range = rangeAt(sandboxNetwork, index);
    if (hostAddresses.some((address) => isIPv4(address) && isInNetworks(address, [range.cidr]))) continue;
    const claim = await claimName(`millrace-network-${sandboxNetwork}-${index}`);
    if (claim !== null) return { ...range, ...claim };
  }
  throw new Error(
    `all ${RANGES_PER_NETWORK} ranges of ${sandboxNetwork}/16 are in use: set MILLRACE_SANDBOX_NETWORK`,
  );
}
