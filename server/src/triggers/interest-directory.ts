// What listens to the events of each world, indexed in memory, exact by revision: the transaction that
// publishes reads (and holds) the revision of each world once, and every directory loads what it hasn't. So
// an event published after a trigger's commit always matches, on any node. Built once for triggers, and once
// for whatever else listens.

import type { World } from '../accounts/account.ts';
import { LatelyUsed } from '../memory/lately-used.ts';
import type { Sql } from '../postgres/database.ts';
import { type EventIndex, type Interest, indexInterests } from './event-matcher.ts';
import { holdRevisions } from './interest-store.ts';

/**
 * Worlds that nobody changes until the transaction ends, with their revisions; none to which nothing has ever
 * listened.
 */
export type HeldWorlds = readonly (World & { revision: number })[];

/** What {@link holdWorlds} will say, as far as it was seen last. */
export type ExpectedRevisions = {
  /** null: one of them hasn't been seen yet. */
  of(worlds: readonly World[]): HeldWorlds | null;
  note(worlds: readonly World[], held: HeldWorlds): void;
};

export type InterestDirectory<I extends Interest> = {
  /** What is in memory of a world, which may be old. */
  peek(world: World): EventIndex<I> | undefined;
  /** The index of every held world, by {@link worldKey}; valid until the transaction ends. */
  indexesOf(sql: Sql, held: HeldWorlds): Promise<ReadonlyMap<string, EventIndex<I>>>;
};

type Parts<I extends Interest> = {
  /** Everything in a world that can be matched, in the order in which it is preferred. */
  load(sql: Sql, world: World): Promise<readonly I[]>;
  /** Worlds kept; beyond it, the one not asked for longest goes. */
  capacity: number;
};

type Kept<I extends Interest> = { revision: number; index: EventIndex<I> };

/** Names a world in a map. */
export function worldKey({ accountId, mode }: World): string {
  return `${mode}/${accountId}`;
}

/**
 * Holds the worlds of what is published: a change of what listens there waits until this transaction has
 * ended.
 */
export async function holdWorlds(sql: Sql, worlds: readonly World[]): Promise<HeldWorlds> {
  return inOrder(await holdRevisions(sql, [...distinct(worlds).values()]));
}

/** @param capacity worlds; beyond it, the one seen first goes */
export function createExpectedRevisions(capacity: number): ExpectedRevisions {
  /** null: nothing has ever listened there. */
  const seen = new Map<string, HeldWorlds[number] | null>();
  return {
    of(worlds) {
      const revisions: HeldWorlds[number][] = [];
      for (const key of distinct(worlds).keys()) {
        const world = seen.get(key);
        if (world === undefined) return null;
        if (world !== null) revisions.push(world);
      }
      return inOrder(revisions);
    },
    note(worlds, held) {
      for (const key of distinct(worlds).keys()) seen.set(key, null);
      for (const world of held) seen.set(worldKey(world), world);
      for (const key of seen.keys()) {
        if (seen.size <= capacity) break;
        seen.delete(key);
      }
    },
  };
}

function distinct(worlds: readonly World[]): Map<string, World> {
  return new Map(worlds.map((world) => [worldKey(world), world]));
}

function inOrder(held: HeldWorlds): HeldWorlds {
  return held.length < 2 ? held : held.toSorted((a, b) => (worldKey(a) < worldKey(b) ? -1 : 1));
}

export function openInterestDirectory<I extends Interest>(parts: Parts<I>): InterestDirectory<I> {
  const kept = new LatelyUsed<Kept<I>>(parts.capacity);

  async function indexOf(sql: Sql, world: World, revision: number): Promise<EventIndex<I>> {
    const key = worldKey(world);
    const found = kept.get(key);
    const isCurrent = found?.revision === revision;
    const current = isCurrent ? found : { revision, index: indexInterests(await parts.load(sql, world)) };
    if (!isCurrent) kept.set(key, current);
    return current.index;
  }

  return {
    peek: (world) => kept.peek(worldKey(world))?.index,
    async indexesOf(sql, held) {
      const indexes = new Map<string, EventIndex<I>>();
      for (const world of held) indexes.set(worldKey(world), await indexOf(sql, world, world.revision));
      return indexes;
    },
  };
}
