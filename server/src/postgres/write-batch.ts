// Writes what has gathered in one transaction, so that many share a commit; where the batch is refused, item
// by item, so that a bad one doesn't take the others along. What the database can't take for now stays with
// the caller. Keeps nothing and knows no table. For what nobody waits for: group-commit.ts answers each item,
// and undoes one by a savepoint instead. Called by the recorders of runs and of calls, and the settler.
import { isDatabaseUnavailable } from './database-fault.ts';

export type BatchParts<Item> = {
  /** In one transaction; may be called again with items that it failed with. */
  write(items: readonly Item[]): Promise<void>;
  /**
   * One that the database refuses by itself, too. @returns whether it is dealt with all the same; else it is
   * tried again with a later batch
   */
  refused(item: Item, error: unknown): Promise<boolean>;
  onOutage(error: unknown): void;
};

/**
 * @returns those that are dealt with, in their order. Those behind an outage aren't.
 */
export async function writeBatch<Item>(
  items: readonly Item[],
  parts: BatchParts<Item>,
): Promise<ReadonlySet<Item>> {
  const done = new Set<Item>();
  try {
    if (await isWrittenWhole(items, parts)) return new Set(items);
    for (const item of items) if (await isDealtWith(item, parts)) done.add(item);
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    parts.onOutage(error);
  }
  return done;
}

async function isWrittenWhole<Item>(items: readonly Item[], { write }: BatchParts<Item>): Promise<boolean> {
  try {
    await write(items);
    return true;
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    return false;
  }
}

async function isDealtWith<Item>(item: Item, { write, refused }: BatchParts<Item>): Promise<boolean> {
  try {
    await write([item]);
    return true;
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    return await refused(item, error);
  }
}
