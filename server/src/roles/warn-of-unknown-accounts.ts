// Says at the start which settings name an account that isn't there: such a setting gives nothing to anybody,
// and a mistyped number looks as one that works. Refuses nothing: an account may come later. Called by
// serve.ts once the first account is there.
import { findAccount } from '../accounts/account-store.ts';
import { findNamedPortal } from '../dialects/hubspot/catalog/portal-store.ts';
import type { Platform } from './platform.ts';

export async function warnOfUnknownAccounts({
  config,
  log,
  database,
}: Pick<Platform, 'config' | 'log' | 'database'>): Promise<void> {
  for (const { domain, portal } of config.domains) {
    if ((await findNamedPortal(database, portal)) !== null) continue;
    log.warn(
      `MILLRACE_DOMAINS: ${domain}=${portal} names an account that is not there: the host belongs to nobody until it is`,
    );
  }
  for (const account of config.mailDomains?.keys() ?? []) {
    if ((await findAccount(database, account)) !== null) continue;
    log.warn(
      `MILLRACE_MAIL_DOMAINS: there is no account ${account}: what is opened to it is opened to nobody`,
    );
  }
}
