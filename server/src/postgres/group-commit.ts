// Many small writes in few transactions: while one is in flight, what comes next gathers for the one after it. Each item is
// answered when its transaction is on disk, and none pays for another's fault: a group that fails is written again item by
// item, each behind a savepoint. Knows no table. Built by roles/ for the doors that accept thousands of causes a second.
import { fail } from '../errors/failure.ts';
import type { Database, Sql } from './database.ts';
import { isDatabaseUnavailable } from './database-fault.ts';

export type GroupCommit<Item, Result> = {
  /**
   * Resolves when the item is committed.
   * @throws whatever `write` throws for this item alone; Failure `unavailable` when too many wait
   */
  add(item: Item): Promise<Result>;
  /** Resolves when nothing waits and nothing is in flight. */
  drain(): Promise<void>;
};

export type GroupCommitParts<Item, Result> = {
  database: Pick<Database, 'transaction'>;
  /** Writes items in one transaction, each as if it were alone. Called again for what failed: must keep no state. */
  write(sql: Sql, items: readonly Item[]): Promise<Result[]>;
  /** Once after every commit that took something. */
  onCommitted?(results: readonly Result[]): void;
  /** What an item weighs, and what one transaction carries at most; a heavier item goes alone. */
  weigh(item: Item): number;
  mostWeight: number;
  /** Items that may wait. */
  mostWaiting: number;
};

type Waiting<Item, Result> = {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
};
type Settled<Result> = { result: Result } | { error: unknown };

/** Serialization failures and deadlocks: the same statements may pass at the next try. */
const CONFLICT = /^40/;
const MOST_TRIES = 3;

export function groupCommit<Item, Result>(parts: GroupCommitParts<Item, Result>): GroupCommit<Item, Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let committing: Promise<void> | null = null;

  async function commitAll(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.splice(0, groupSize(waiting, parts));
      const settled = await writeGroup(
        parts,
        group.map(({ item }) => item),
      );
      for (const [at, { resolve, reject }] of group.entries()) {
        const own = settled[at] as Settled<Result>;
        if ('result' in own) resolve(own.result);
        else reject(own.error);
      }
    }
    committing = null;
  }

  return {
    add(item) {
      if (waiting.length >= parts.mostWaiting) {
        fail('unavailable', { message: 'too much waits to be written: try again in a moment' });
      }
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        // Whatever arrives in this turn of the event loop shares the first transaction.
        committing ??= Promise.resolve().then(commitAll);
      });
    },
    drain: async () => {
      while (committing !== null) await committing;
    },
  };
}

function groupSize<Item, Result>(
  waiting: readonly Waiting<Item, Result>[],
  { weigh, mostWeight }: GroupCommitParts<Item, Result>,
): number {
  let weight = 0;
  let size = 0;
  for (const { item } of waiting) {
    weight += weigh(item);
    if (weight > mostWeight && size > 0) break;
    size += 1;
  }
  return size;
}

async function writeGroup<Item, Result>(
  parts: GroupCommitParts<Item, Result>,
  items: readonly Item[],
): Promise<Settled<Result>[]> {
  let settled: Settled<Result>[];
  try {
    const results = await parts.database.transaction((sql) => parts.write(sql, items));
    settled = results.map((result) => ({ result }));
  } catch (error) {
    settled = await afterFailure(parts, items, error);
  }
  const committed = settled.flatMap((own) => ('result' in own ? [own.result] : []));
  if (committed.length > 0) parts.onCommitted?.(committed);
  return settled;
}

async function afterFailure<Item, Result>(
  parts: GroupCommitParts<Item, Result>,
  items: readonly Item[],
  error: unknown,
): Promise<Settled<Result>[]> {
  // Nobody can know whether a commit whose connection broke was made: whoever asks again with the same id finds out.
  const isLost = isDatabaseUnavailable(error) && !isConflict(error);
  if (isLost || (items.length === 1 && !isConflict(error))) return items.map(() => ({ error }));
  try {
    return await parts.database.transaction((sql) => writeApart(parts, sql, items));
  } catch (apartError) {
    return items.map(() => ({ error: apartError }));
  }
}

async function writeApart<Item, Result>(
  parts: GroupCommitParts<Item, Result>,
  sql: Sql,
  items: readonly Item[],
): Promise<Settled<Result>[]> {
  const settled: Settled<Result>[] = [];
  for (const item of items) settled.push(await writeOne(parts, sql, item));
  return settled;
}

async function writeOne<Item, Result>(
  parts: GroupCommitParts<Item, Result>,
  sql: Sql,
  item: Item,
): Promise<Settled<Result>> {
  for (let tries = 1; ; tries += 1) {
    await sql.query('savepoint one');
    try {
      const [result] = await parts.write(sql, [item]);
      await sql.query('release savepoint one');
      return { result: result as Result };
    } catch (error) {
      if (isDatabaseUnavailable(error) && !isConflict(error)) throw error;
      await sql.query('rollback to savepoint one');
      await sql.query('release savepoint one');
      if (!isConflict(error) || tries >= MOST_TRIES) return { error };
    }
  }
}

function isConflict(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && CONFLICT.test(code);
}
