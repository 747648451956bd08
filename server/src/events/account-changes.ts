// That an account was modified, `account:modified`: published in the transaction that does it, and never what
// was set. Called by what changes an account's settings, its limits, or what it denies its functions on the
// network.
import type { Mode } from '../accounts/account.ts';
import { findAccount } from '../accounts/account-store.ts';
import type { Sql } from '../postgres/database.ts';
import type { PublishOwn } from './own-events.ts';

export type AccountChange = {
  settings: 'technical' | 'limits' | 'egress';
  /** The worlds that it concerns; each is notified. */
  modes: readonly Mode[];
};

export type PublishAccountChange = (sql: Sql, accountId: string, change: AccountChange) => Promise<void>;

type Parts = {
  publishOwn: PublishOwn;
  /** Where the account can be read. */
  accountUrl(accountId: string): string;
};

export const BOTH_WORLDS = ['live', 'test'] as const satisfies Mode[];

export function createAccountChangePublisher({ publishOwn, accountUrl }: Parts): PublishAccountChange {
  return async (sql, accountId, { settings, modes }) => {
    const account = await findAccount(sql, accountId);
    if (account === null) return;
    const { alias } = account;
    for (const mode of modes) {
      const where = { account_id: accountId, test: mode === 'test', url: accountUrl(accountId) };
      const data = { alias, settings, ...where };
      await publishOwn(sql, { accountId, mode }, [
        { type: 'account:modified', itemId: accountId, data, causeEventId: null },
      ]);
    }
  };
}
