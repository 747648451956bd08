// Deletes everything of accounts whose time of grace is over: the key first, then all rows, a portion a
// transaction, which leans on others before what it leans on; at last the account. A node that dies in
// between has lost nothing: the next one goes on where the report says. A background service, one of every
// node with the role. Built by roles/start-deletions.ts.
//
//   begin what is due ─► portion ─► portion ─► … ─► none left: the account itself ─► sleep until the next is due
import type { Logger } from 'pino';
import { startWakefulLoop, type WakefulLoop } from '../clock/wakeful-loop.ts';
import type { Database, Sql } from '../postgres/database.ts';
import {
  type AccountTable,
  beginDeletion,
  countDeleted,
  deletePortion,
  endDeletion,
  listAccountTables,
  lockDeletion,
  msUntilDeletion,
} from './account-deletion-store.ts';

/** @returns how many rows are gone, by table; none: there are none left */
export type DeletePortion = (sql: Sql, accountId: string, limit: number) => Promise<Record<string, number>>;

export type DeleteAccountsParts = {
  database: Database;
  /**
   * What has rows without an account_id, or whose end others must hear of: by the table that it is deleted
   * with.
   */
  own: Readonly<Record<string, DeletePortion>>;
  log: Logger;
  portion?: number;
};

const PORTION = 1_000;
const LONGEST_SLEEP_MS = 5_000;
const AGAIN_MS = 250;
const AFTER_ERROR_MS = 1_000;

export function startDeletingAccounts(parts: DeleteAccountsParts): WakefulLoop {
  const { database, log, portion: most = PORTION } = parts;
  let portion = most;
  /** Rows may be large: what takes longer than a statement may is tried with fewer. */
  const stepOrLess = async (): Promise<boolean> => {
    try {
      const hasMore = await step(parts, portion);
      portion = Math.min(most, portion * 2);
      return hasMore;
    } catch (error) {
      portion = Math.max(1, Math.floor(portion / 10));
      throw error;
    }
  };
  return startWakefulLoop({
    look: async (isStopped) => {
      while (!isStopped() && (await stepOrLess()));
      const untilMs = (await msUntilDeletion(database)) ?? LONGEST_SLEEP_MS;
      return Math.min(LONGEST_SLEEP_MS, Math.max(AGAIN_MS, untilMs));
    },
    onError: (error) => log.error({ err: error }, 'an account could not be deleted: trying again'),
    retryAfterMs: AFTER_ERROR_MS,
  });
}

/** @returns whether there may be more to do at once */
async function step(parts: DeleteAccountsParts, portion: number): Promise<boolean> {
  const { database, log } = parts;
  const begun = await database.transaction(beginDeletion);
  if (begun !== null) log.info({ accountId: begun }, 'an account is being deleted');
  return await database.transaction(async (sql) => {
    const accountId = await lockDeletion(sql);
    if (accountId === null) return false;
    const deleted = await deleteNext(sql, { own: parts.own, accountId, portion });
    if (deleted !== null) await countDeleted(sql, accountId, deleted);
    else {
      await endDeletion(sql, accountId);
      log.info({ accountId }, 'an account was deleted');
    }
    return true;
  });
}

/** @returns null where nothing is left */
async function deleteNext(
  sql: Sql,
  { own, accountId, portion }: Pick<DeleteAccountsParts, 'own'> & { accountId: string; portion: number },
): Promise<Record<string, number> | null> {
  const tables = await listAccountTables(sql);
  const wholes = new Map(tables.map(({ name, partOf }) => [name, partOf ?? name]));
  for (const table of inOrder(tables)) {
    const remove = own[table] ?? byTable(table, wholes.get(table) ?? table);
    const deleted = await remove(sql, accountId, portion);
    if (Object.values(deleted).some((count) => count > 0)) return deleted;
  }
  return null;
}

/** @param whole under whose name they are counted: of a partition the table's */
function byTable(table: string, whole: string): DeletePortion {
  return async (sql, accountId, limit) => ({ [whole]: await deletePortion(sql, table, accountId, limit) });
}

/** What leans on others comes before them. Pure. */
export function inOrder(tables: readonly AccountTable[]): string[] {
  const ordered: string[] = [];
  const left = new Map(tables.map((table) => [table.name, table]));
  while (left.size > 0) {
    const needed = new Set([...left.values()].flatMap(({ leansOn }) => leansOn));
    const free = [...left.keys()].filter((name) => !needed.has(name));
    // Two that lean on each other: their rows end together.
    const next = free.length > 0 ? free : [...left.keys()];
    for (const name of next) left.delete(name);
    ordered.push(...next);
  }
  return ordered;
}
