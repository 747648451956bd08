// Many small writes in few transactions: while one is in flight, what comes next gathers for the one after
// it, in turns over those whose it is. What is too heavy to share one goes by itself, in a line of its own:
// the small ones don't wait for it. Each item is answered when its transaction is on disk, and none pays for
// another's fault: a group that fails is written again item by item, each behind a savepoint. Knows no table.
// Built by roles/ for the doors that accept thousands of causes a second.
import { fail } from '../errors/failure.ts';
import type { Database, Sql } from './database.ts';
import { isDatabaseUnavailable } from './database-fault.ts';
import { turnLine } from './turn-line.ts';

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
  /**
   * Writes items in one transaction, each as if it were alone. Called again for what failed: must keep no
   * state.
   * @param isAlone a single item, which others share no transaction with
   */
  write(sql: Sql, items: readonly Item[], isAlone: boolean): Promise<Result[]>;
  /** Once after every commit that took something. */
  onCommitted?(results: readonly Result[]): void;
  /**
   * What an item weighs, and what one transaction carries at most. Asked again of an item whose group has
   * failed.
   */
  weigh(item: Item): number;
  mostWeight: number;
  /** Whose it is, e.g. an account's. */
  ownerOf(item: Item): string;
  /** Items that may wait, and of one owner. */
  mostWaiting: number;
  mostOfOwner: number;
};

type Waiting<Item, Result> = {
  item: Item;
  owner: string;
  weight: number;
  resolve(result: Result): void;
  reject(error: unknown): void;
};
/** `again`: by what it is known to weigh now; `alone`: by itself. Both leave it unwritten so far. */
type Settled<Result> = { result: Result } | { error: unknown } | 'again' | 'alone';

/**
 * What `write` throws where items that share a transaction would write more than one should: their weights
 * weren't known.
 */
export class TooMuchTogether extends Error {}

/** Serialization failures and deadlocks: the same statements may pass at the next try. */
const CONFLICT = /^40/;
const MOST_TRIES = 3;

export function createGroupCommit<Item, Result>(
  parts: GroupCommitParts<Item, Result>,
): GroupCommit<Item, Result> {
  type One = Waiting<Item, Result>;
  const shared = turnLine<One>();
  const heavy = turnLine<One>();
  const going = new Map<typeof shared, Promise<void>>();

  function start(line: typeof shared): void {
    if (going.has(line)) return;
    // Whatever arrives in this turn of the event loop shares the first transaction.
    const all = Promise.resolve().then(() => commitAll(line));
    going.set(line, all);
  }

  async function commitAll(line: typeof shared): Promise<void> {
    while (line.size > 0) {
      const group = line.take(line === heavy ? 0 : parts.mostWeight);
      const settled = await writeGroup(
        parts,
        group.map(({ item }) => item),
        line === heavy,
      );
      for (const [at, one] of group.entries()) settle(one, settled[at] as Settled<Result>);
    }
    going.delete(line);
  }

  function settle(one: One, own: Settled<Result>): void {
    if (own === 'alone') put({ ...one, weight: Number.POSITIVE_INFINITY });
    else if (own === 'again') put({ ...one, weight: Math.max(2 * one.weight, parts.weigh(one.item)) });
    else if ('result' in own) one.resolve(own.result);
    else one.reject(own.error);
  }

  function put(one: One): void {
    const line = one.weight > parts.mostWeight ? heavy : shared;
    line.add(one);
    start(line);
  }

  return {
    add(item) {
      const owner = parts.ownerOf(item);
      const ofOwner = shared.of(owner) + heavy.of(owner);
      if (shared.size + heavy.size >= parts.mostWaiting || ofOwner >= parts.mostOfOwner) {
        fail('unavailable', { message: 'too much waits to be written: try again in a moment' });
      }
      return new Promise((resolve, reject) => {
        put({ item, owner, weight: parts.weigh(item), resolve, reject });
      });
    },
    drain: async () => {
      while (going.size > 0) await Promise.all(going.values());
    },
  };
}

async function writeGroup<Item, Result>(
  parts: GroupCommitParts<Item, Result>,
  items: readonly Item[],
  isAlone: boolean,
): Promise<Settled<Result>[]> {
  let settled: Settled<Result>[];
  try {
    const results = await parts.database.transaction((sql) => parts.write(sql, items, isAlone));
    settled = results.map((result) => ({ result }));
  } catch (error) {
    settled = await afterFailure(parts, items, { error, isAlone });
  }
  const committed = settled.flatMap((own) =>
    typeof own === 'object' && 'result' in own ? [own.result] : [],
  );
  if (committed.length > 0) parts.onCommitted?.(committed);
  return settled;
}

async function afterFailure<Item, Result>(
  parts: GroupCommitParts<Item, Result>,
  items: readonly Item[],
  { error, isAlone }: { error: unknown; isAlone: boolean },
): Promise<Settled<Result>[]> {
  // Nobody can know whether a commit whose connection broke was made: asking again with the same id finds
  // out.
  const isLost = isDatabaseUnavailable(error) && !isConflict(error);
  if (isLost || (isAlone && !isConflict(error))) return items.map(() => ({ error }));
  if (error instanceof TooMuchTogether) return items.map(() => (items.length === 1 ? 'alone' : 'again'));
  if (items.length === 1 && !isConflict(error)) return items.map(() => ({ error }));
  try {
    return await parts.database.transaction((sql) => writeApart(parts, sql, { items, isAlone }));
  } catch (apartError) {
    return items.map(() => ({ error: apartError }));
  }
}

async function writeApart<Item, Result>(
  parts: GroupCommitParts<Item, Result>,
  sql: Sql,
  { items, isAlone }: { items: readonly Item[]; isAlone: boolean },
): Promise<Settled<Result>[]> {
  const settled: Settled<Result>[] = [];
  for (const item of items) settled.push(await writeOne(parts, sql, { item, isAlone }));
  return settled;
}

async function writeOne<Item, Result>(
  parts: GroupCommitParts<Item, Result>,
  sql: Sql,
  { item, isAlone }: { item: Item; isAlone: boolean },
): Promise<Settled<Result>> {
  for (let tries = 1; ; tries += 1) {
    await sql.query('savepoint one');
    try {
      const [result] = await parts.write(sql, [item], isAlone);
      await sql.query('release savepoint one');
      return { result: result as Result };
    } catch (error) {
      if (isDatabaseUnavailable(error) && !isConflict(error)) throw error;
      await sql.query('rollback to savepoint one');
      await sql.query('release savepoint one');
      if (error instanceof TooMuchTogether) return 'alone';
      if (!isConflict(error) || tries >= MOST_TRIES) return { error };
    }
  }
}

function isConflict(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && CONFLICT.test(code);
}
