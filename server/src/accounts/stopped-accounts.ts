// Which accounts are served nothing, in memory, since every request asks: read whole at the start, and again when told of a change. They are
// few: an account that is served isn't here. Called by the server for every request (http/served-accounts.ts).
import { FreshCopy } from '../memory/fresh-copy.ts';
import type { Sql } from '../postgres/database.ts';
import { listStoppedAccounts, type StoppedAccount } from './account-status-store.ts';

export type StoppedAccounts = {
  /** null: it is served. */
  find(accountId: string): StoppedAccount | null;
  all(): Iterable<StoppedAccount>;
  /** Something has changed. Resolves when this node goes by it. */
  refresh(): Promise<void>;
};

/** Resolves when they have been read. */
export async function openStoppedAccounts(
  sql: Sql,
  onError: (error: unknown) => void,
): Promise<StoppedAccounts> {
  const read = async (): Promise<Map<string, StoppedAccount>> =>
    new Map((await listStoppedAccounts(sql)).map((account) => [account.id, account]));
  const copy = await FreshCopy.open(read, onError);
  return {
    find: (accountId) => copy.value.get(accountId) ?? null,
    all: () => copy.value.values(),
    refresh: () => copy.refresh(),
  };
}
