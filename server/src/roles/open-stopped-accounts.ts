// Keeps this node from serving accounts that the operator has stopped: what it knows of them, and the end of
// their instances.
import { STATUS_CHANNEL } from '../accounts/account-status-store.ts';
import { openStoppedAccounts, type StoppedAccounts } from '../accounts/stopped-accounts.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<Platform, 'database' | 'hearing' | 'log' | 'pool' | 'keys'>;

export async function openStopped({ database, hearing, log, pool, keys }: Parts): Promise<StoppedAccounts> {
  const stopped = await openStoppedAccounts(database, (error) =>
    log.warn({ err: error }, 'accounts that are stopped could not be read'),
  );
  /** Idle instances end now, busy ones after their run. */
  const retire = async (): Promise<void> => {
    await stopped.refresh();
    for (const { id } of stopped.all()) {
      pool.retireAccount(id);
      keys.forget(id);
    }
  };
  hearing.on(
    STATUS_CHANNEL,
    async (accountId) => {
      await stopped.refresh();
      if (stopped.find(accountId) === null) return;
      pool.retireAccount(accountId);
      keys.forget(accountId);
    },
    retire,
  );
  return stopped;
}
