// Which hosts belong to which account: the settings name accounts as a dialect does, the engine knows hosts
// and worlds alone.
import { type HostDirectory, openHostDirectory } from '../accounts/host-directory.ts';
import { HOST_CHANNEL } from '../accounts/host-store.ts';
import { findNamedPortal } from '../dialects/hubspot/catalog/portal-store.ts';
import type { AccountOfHost } from '../http/request-host.ts';
import type { Platform } from './platform.ts';

export async function openHosts({
  config,
  log,
  database,
  hearing,
}: Pick<Platform, 'config' | 'log' | 'database' | 'hearing'>): Promise<HostDirectory> {
  const hosts = await openHostDirectory({
    sql: database,
    reserved: [new URL(config.consoleUrl).hostname],
    configured: config.domains.map(({ domain, portal }) => ({
      host: domain,
      find: () => findNamedPortal(database, portal),
    })),
    onError: (error) => log.warn({ err: error }, 'hosts of accounts could not be read'),
  });
  hearing.on(HOST_CHANNEL, hosts.refresh, hosts.refresh);
  return hosts;
}

export function accountOfHost({ ownerOf }: HostDirectory): AccountOfHost {
  return (name) => {
    const owner = ownerOf(name);
    return owner instanceof Promise
      ? owner.then((world) => world?.accountId ?? null)
      : (owner?.accountId ?? null);
  };
}
