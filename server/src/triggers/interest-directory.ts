// What listens to the events of each world, indexed in memory, exact by revision: the transaction that publishes reads (and
// holds) the world's revision and loads what it hasn't. So an event published after a trigger's commit always matches, on
// any node. Built once for triggers, and once for whatever else listens.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import { type EventIndex, type Interest, indexInterests } from './event-matcher.ts';
import { holdRevisions } from './interest-store.ts';

export type InterestDirectory<I extends Interest> = {
  /** The index of every world that is asked for, by {@link worldKey}; valid until the transaction ends. */
  indexesOf(sql: Sql, worlds: readonly World[]): Promise<ReadonlyMap<string, EventIndex<I>>>;
};

type Parts<I extends Interest> = {
  /** Everything in a world that can be told, in the order in which it is preferred. */
  load(sql: Sql, world: World): Promise<readonly I[]>;
  /** Worlds kept; beyond it, the one not asked for longest goes. */
  capacity: number;
};

type Kept<I extends Interest> = { revision: number; index: EventIndex<I> };

/** Names a world in a map. */
export function worldKey({ accountId, mode }: World): string {
  return `${mode}/${accountId}`;
}

export function openInterestDirectory<I extends Interest>(parts: Parts<I>): InterestDirectory<I> {
  // A Map lists its keys in the order of their insertion: the first is the one unused for longest.
  const kept = new Map<string, Kept<I>>();

  function keep(key: string, found: Kept<I>): void {
    kept.delete(key);
    kept.set(key, found);
    const [oldest] = kept.keys();
    if (kept.size > parts.capacity && oldest !== undefined) kept.delete(oldest);
  }

  async function indexOf(sql: Sql, world: World, revision: number): Promise<EventIndex<I>> {
    const key = worldKey(world);
    const found = kept.get(key);
    const isCurrent = found?.revision === revision;
    const current = isCurrent ? found : { revision, index: indexInterests(await parts.load(sql, world)) };
    keep(key, current);
    return current.index;
  }

  return {
    async indexesOf(sql, worlds) {
      const indexes = new Map<string, EventIndex<I>>();
      const distinct = new Map(worlds.map((world) => [worldKey(world), world]));
      for (const { revision, ...world } of await holdRevisions(sql, [...distinct.values()])) {
        indexes.set(worldKey(world), await indexOf(sql, world, revision));
      }
      return indexes;
    },
  };
}
