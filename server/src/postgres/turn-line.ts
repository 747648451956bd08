// A line in which owners take turns: one item of each, then the next of each. However many one owner has
// standing there, another's first item is among the next that are taken. In memory; knows nothing of what
// waits. Used by group-commit.ts.

export type TurnLine<Item> = {
  readonly size: number;
  /** How many of that owner's wait. */
  of(owner: string): number;
  add(item: Item): void;
  /** Takes the next one, and those after it that weigh no more than `most` together with it. */
  take(most: number): Item[];
};

export function turnLine<Item extends { owner: string; weight: number }>(): TurnLine<Item> {
  // A Map lists its keys in the order of their insertion: the first owner's turn is next.
  const waiting = new Map<string, Item[]>();
  let size = 0;

  function next(): { owner: string; items: Item[] } | null {
    for (const [owner, items] of waiting) return { owner, items };
    return null;
  }

  return {
    get size() {
      return size;
    },
    of: (owner) => waiting.get(owner)?.length ?? 0,
    add(item) {
      size += 1;
      const items = waiting.get(item.owner);
      if (items === undefined) waiting.set(item.owner, [item]);
      else items.push(item);
    },
    take(most) {
      const taken: Item[] = [];
      let weight = 0;
      for (let turn = next(); turn !== null; turn = next()) {
        const [item] = turn.items as [Item];
        weight += item.weight;
        if (weight > most && taken.length > 0) break;
        turn.items.shift();
        size -= 1;
        taken.push(item);
        waiting.delete(turn.owner);
        if (turn.items.length > 0) waiting.set(turn.owner, turn.items);
      }
      return taken;
    },
  };
}
