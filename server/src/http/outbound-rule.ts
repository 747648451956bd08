// Where the server itself may connect to on an account's behalf: resolves a name once, refuses what leads
// into the operator's own network, and gives back the addresses that were looked at, so that nobody can move
// the name in between. Called by outbound-request.ts and by what opens other connections for accounts.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isAddressIn, isPrivateAddress } from '../../../contract/private-networks.ts';

export type OutboundRule = {
  /** CIDRs that may be reached although they are private or this machine's own. */
  allow: readonly string[];
  /** CIDRs that may not be reached although they look public. */
  deny: readonly string[];
};

/** An expected end of an attempt to reach a server; its message may be shown to the account's owner. */
export class OutboundError extends Error {
  readonly reason: 'refused' | 'unreachable' | 'timed_out';
  constructor(reason: OutboundError['reason'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'OutboundError';
    this.reason = reason;
  }
}

/** Whether an address may be connected to. @param own every address of this machine */
function isOpenAddress(address: string, rule: OutboundRule, own: readonly string[]): boolean {
  if (isAddressIn(address, rule.allow)) return true;
  if (isAddressIn(address, rule.deny) || isAddressIn(address, own)) return false;
  return !isPrivateAddress(address);
}

/**
 * @param host a name or an address, without brackets
 * @returns the addresses that may be connected to, at least one
 * @throws OutboundError
 */
export async function openAddresses(host: string, rule: OutboundRule): Promise<string[]> {
  const addresses = isIP(host) === 0 ? await resolve(host) : [host];
  const own = ownAddresses();
  const open = addresses.filter((address) => isOpenAddress(address, rule, own));
  if (open.length > 0) return open;
  throw new OutboundError('refused', `${host} leads into a private network, which is not allowed here`);
}

async function resolve(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (cause) {
    throw new OutboundError('unreachable', `the name ${host} can't be resolved`, cause);
  }
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((links) => (links ?? []).map(({ address }) => address));
}
