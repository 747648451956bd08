// Which accounts are served nothing, and which not in every dialect, in memory, since every request asks:
// read whole at the start, and again when notified of a change. An account that is served all isn't here.
// Called by the server for every request (http/served-accounts.ts).
import { FreshCopy } from '../memory/fresh-copy.ts';
import type { Sql } from '../postgres/database.ts';
import { listDialects, listStoppedAccounts, type StoppedAccount } from './account-status-store.ts';

export type StoppedAccounts = {
  /** null: it is served. */
  find(accountId: string): StoppedAccount | null;
  mayUse(accountId: string, dialect: string): boolean;
  all(): Iterable<StoppedAccount>;
  /** Something has changed. Resolves when this node goes by it. */
  refresh(): Promise<void>;
};

type Known = { stopped: Map<string, StoppedAccount>; dialects: Map<string, ReadonlySet<string>> };

/** Resolves when they have been read. */
export async function openStoppedAccounts(
  sql: Sql,
  onError: (error: unknown) => void,
): Promise<StoppedAccounts> {
  const read = async (): Promise<Known> => ({
    stopped: new Map((await listStoppedAccounts(sql)).map((account) => [account.id, account])),
    dialects: new Map((await listDialects(sql)).map(({ id, dialects }) => [id, new Set(dialects)])),
  });
  const copy = await FreshCopy.open(read, onError);
  return {
    find: (accountId) => copy.value.stopped.get(accountId) ?? null,
    mayUse: (accountId, dialect) => copy.value.dialects.get(accountId)?.has(dialect) ?? true,
    all: () => copy.value.stopped.values(),
    refresh: () => copy.refresh(),
  };
}
