// Puts together what accounts deny their functions on the network: the API, what a new sandbox gets, and the
// end of sandboxes that have another one, on every node.

import { MOST_EGRESS_DENIED } from '../../../contract/supervisor-requests.ts';
import { accountsWithChangedEgress, EGRESS_CHANNEL, findEgressDeny } from '../accounts/egress-store.ts';
import { egressEndpoints } from '../api/egress-endpoints.ts';
import type { ApiEndpoint } from '../api/millrace-api.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<Platform, 'config' | 'log' | 'database' | 'hearing' | 'pool' | 'publishAccountChange'>;

/** How far back a node looks that couldn't listen for a while: longer than it goes on without a database. */
const LOOK_BACK_SECONDS = 24 * 60 * 60;

export function openEgress(parts: Parts): ApiEndpoint[] {
  const { config, log, database, hearing, pool, publishAccountChange: notifyChange } = parts;
  const onChanged = (accountId: string): void => pool.retireAccount(accountId);
  const catchUp = (): void => {
    accountsWithChangedEgress(database, LOOK_BACK_SECONDS).then(
      (accounts) => accounts.forEach(onChanged),
      (error: unknown) => log.warn({ err: error }, 'missed changes of egress could not be read'),
    );
  };
  hearing.on(EGRESS_CHANNEL, onChanged, catchUp);
  const mostDenied = MOST_EGRESS_DENIED;
  return egressEndpoints({ database, settings: config, mostDenied, onChanged, notifyChange });
}

/** @returns what a sandbox gets at its start */
export function egressDenials({
  database,
}: Pick<Platform, 'database'>): (accountId: string) => Promise<string[]> {
  return (accountId) => findEgressDeny(database, accountId);
}
