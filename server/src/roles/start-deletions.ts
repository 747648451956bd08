// Deletes accounts whose time of grace is over, on nodes that schedule: says what of an account has rows
// without its id, and who else must hear that rows are gone.
import { deletePortion } from '../accounts/account-deletion-store.ts';
import { STATUS_CHANNEL } from '../accounts/account-status-store.ts';
import { type DeletePortion, startDeletingAccounts } from '../accounts/delete-accounts.ts';
import { announceHosts } from '../accounts/host-store.ts';
import { deleteAccountBuilds } from '../builds/build-store.ts';
import { announceEndpoints } from '../dialects/hubspot/catalog/endpoint-store.ts';
import { deleteAccountReceipts } from '../doors/receipt-store.ts';
import { deleteAccountFunctions } from '../functions/function-store.ts';
import type { Sql } from '../postgres/database.ts';
import { deleteAccountRuns } from '../runs/old-run-store.ts';
import { dropUnusedBundle } from '../versions/bundle-store.ts';
import { deleteAccountVersions } from '../versions/version-store.ts';
import type { Platform } from './platform.ts';

export function startDeletions({
  config,
  database,
  log,
  endings,
  hearing,
}: Pick<Platform, 'config' | 'database' | 'log' | 'endings' | 'hearing'>): void {
  if (!config.roles.includes('scheduler')) return;
  const deleting = startDeletingAccounts({ database, log, own: OWN });
  hearing.on(STATUS_CHANNEL, deleting.wake, deleting.wake);
  endings.push(() => deleting.stop());
}

/** Rows that may hold tens of megabytes: of them no more than so many at a time. */
const LARGE_ROWS = 20;

const OWN: Record<string, DeletePortion> = {
  runs: deleteAccountRuns,
  versions: async (sql, accountId, limit) => {
    const gone = await deleteAccountVersions(sql, accountId, Math.min(limit, LARGE_ROWS));
    await dropBundles(
      sql,
      gone.flatMap(({ bundle, layer }) => [bundle, layer]),
    );
    return { versions: gone.length };
  },
  builds: async (sql, accountId, limit) => {
    const gone = await deleteAccountBuilds(sql, accountId, Math.min(limit, LARGE_ROWS));
    await dropBundles(
      sql,
      gone.map(({ code }) => code),
    );
    return { builds: gone.length };
  },
  design_files: async (sql, accountId, limit) => ({
    design_files: await deletePortion(sql, 'design_files', accountId, Math.min(limit, LARGE_ROWS)),
  }),
  functions: async (sql, accountId, limit) => ({
    functions: await deleteAccountFunctions(sql, accountId, limit),
  }),
  triggers: async (sql, accountId, limit) => {
    const receipts = await deleteAccountReceipts(sql, accountId, limit);
    if (receipts > 0) return { webhook_receipts: receipts };
    return { triggers: await deletePortion(sql, 'triggers', accountId, limit) };
  },
  domains: announcing('domains', announceHosts),
  portals: announcing('portals', announceHosts),
  endpoints: announcing('endpoints', async (sql, accountId) => {
    for (const mode of ['live', 'test'] as const) await announceEndpoints(sql, { accountId, mode });
  }),
};

/** Code that no version, layer or build of any account holds. In one order, since others drop some, too. */
async function dropBundles(sql: Sql, hashes: readonly (string | null)[]): Promise<void> {
  const held = hashes.filter((hash) => hash !== null);
  for (const hash of [...new Set(held)].sort()) await dropUnusedBundle(sql, hash);
}

function announcing(table: string, announce: (sql: Sql, accountId: string) => Promise<void>): DeletePortion {
  return async (sql, accountId, limit) => {
    const count = await deletePortion(sql, table, accountId, limit);
    if (count > 0) await announce(sql, accountId);
    return { [table]: count };
  };
}
