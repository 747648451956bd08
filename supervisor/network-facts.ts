// What planning the network of sandboxes takes to know about the machine: its addresses and resolver, and
// where names of the settings lead. Looks, and decides nothing. Called by supervise.ts for plan-network.ts.
import type { SupervisorSettings } from '../contract/supervisor-settings.ts';
import type { NetworkRange } from './network-range.ts';
import { registryPlace } from './plan-network.ts';
import * as machine from './system-facts.ts';
import { linkOf } from './way-out.ts';

export type NetworkFacts = {
  hostAddresses: string[];
  resolvConf: string;
  /** Address by which sandboxes ask a resolver on the machine's loopback. */
  loopbackStandIn: string;
  /**
   * Whether sandboxes' packets go through the machine's own network, where rules of ours translate them; else
   * pasta does.
   */
  isRouter: boolean;
  /** null: the name of the public URL can't be resolved. */
  publicAddress: string | null;
  registryAddresses: string[];
  indexAddresses: string[];
  /** Empty where it is on a socket. */
  databaseAddresses: string[];
};

export async function lookAtNetwork(
  settings: SupervisorSettings,
  range: Pick<NetworkRange, 'gateway'>,
): Promise<NetworkFacts> {
  const [publicAddress = null] = await machine.addressesOf(new URL(settings.publicUrl).hostname);
  const databaseName = settings.database?.hostname ?? null;
  return {
    ...hostOf(settings, range),
    publicAddress,
    registryAddresses: await machine.addressesOf(registryPlace(settings.npmRegistry).hostname),
    indexAddresses: await machine.addressesOf(registryPlace(settings.pypiIndex).hostname),
    databaseAddresses: databaseName === null ? [] : await machine.addressesOf(databaseName),
  };
}

type Host = Pick<NetworkFacts, 'hostAddresses' | 'resolvConf' | 'loopbackStandIn' | 'isRouter'>;

/** Without root the supervisor sees a network of its own: the launcher has looked at the machine's. */
function hostOf(
  { withoutRoot, sandboxNetwork }: SupervisorSettings,
  range: Pick<NetworkRange, 'gateway'>,
): Host {
  if (withoutRoot === null) {
    const [hostAddresses, resolvConf] = [machine.hostAddresses(), machine.resolvConf()];
    return { hostAddresses, resolvConf, loopbackStandIn: range.gateway, isRouter: true };
  }
  const { hostAddresses, resolvConf } = withoutRoot;
  return { hostAddresses, resolvConf, loopbackStandIn: linkOf(sandboxNetwork).gateway, isRouter: false };
}
