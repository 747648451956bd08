// Which types and notations an account may publish and listen to, in memory: asked for every event. Refuses
// what is unknown in a sentence that names what may have been meant. What it doesn't know it looks up once
// more, so that a type that was just added, here or on another node, is known at once.
import { LatelyUsed } from '../memory/lately-used.ts';
import type { Sql } from '../postgres/database.ts';
import { impliedNotations, itemTypeOf } from '../triggers/notation.ts';
import { type EventType, listEventTypes, listItemTypes } from './event-type-store.ts';
import { nearNames } from './near-names.ts';

export type Vocabulary = {
  /** Names with all that they imply, and what they are about. */
  itemTypeByName: ReadonlyMap<string, string>;
  itemTypes: ReadonlySet<string>;
  /** What the platform alone publishes. */
  own: ReadonlySet<string>;
};

export type NamesInUse = { names: readonly string[]; itemType: string | null };
export type Usage = 'publish' | 'listen';
/** The name or the item type that is at fault, and why, for the caller. */
export type NameProblem = { name: string; message: string };

export type EventCatalogue = {
  /** @returns what is wrong; null: nothing */
  problemOf(accountId: string, used: NamesInUse, usage: Usage): Promise<NameProblem | null>;
  /** What an event of that name is about, if its publisher doesn't say. */
  itemTypeOf(accountId: string, name: string): Promise<string>;
  /** Changed; empty: that of every account. */
  forget(accountId: string): void;
};

type Parts = {
  sql: Sql;
  /** Whatever is well formed is accepted. */
  allowUnknown: boolean;
};

/** Accounts whose catalogue is kept. */
const CAPACITY = 5_000;

export function openEventCatalogue({ sql, allowUnknown }: Parts): EventCatalogue {
  const kept = new LatelyUsed<Promise<Vocabulary>>(CAPACITY);

  function vocabularyOf(accountId: string): Promise<Vocabulary> {
    const found = kept.get(accountId);
    if (found !== undefined) return found;
    const loading = loadVocabulary(sql, accountId);
    kept.set(accountId, loading);
    loading.catch(() => kept.delete(accountId, loading));
    return loading;
  }

  return {
    async problemOf(accountId, used, usage) {
      const problem = problemIn(await vocabularyOf(accountId), used, { usage, allowUnknown });
      if (problem === null) return null;
      kept.delete(accountId);
      return problemIn(await vocabularyOf(accountId), used, { usage, allowUnknown });
    },
    async itemTypeOf(accountId, name) {
      return (await vocabularyOf(accountId)).itemTypeByName.get(name) ?? itemTypeOf(name);
    },
    forget(accountId) {
      if (accountId === '') kept.clear();
      else kept.delete(accountId);
    },
  };
}

async function loadVocabulary(sql: Sql, accountId: string): Promise<Vocabulary> {
  return vocabularyFrom(await listEventTypes(sql, accountId), await listItemTypes(sql));
}

/** Pure. */
export function vocabularyFrom(
  types: readonly Pick<EventType, 'name' | 'itemType' | 'isOwn'>[],
  itemTypes: readonly string[],
): Vocabulary {
  const implied = types.flatMap((type) => impliedNotations(type.name).map((name) => ({ ...type, name })));
  const itemTypeByName = new Map(types.map(({ name, itemType }) => [name, itemType]));
  // What an entry of its own says counts; else the first that implies it, as in server/sql/0004_events.sql.
  for (const { name, itemType } of implied) {
    if (!itemTypeByName.has(name)) itemTypeByName.set(name, itemType);
  }
  return {
    itemTypeByName,
    itemTypes: new Set([...itemTypes, ...types.map(({ itemType }) => itemType)]),
    own: new Set(implied.filter(({ isOwn }) => isOwn).map(({ name }) => name)),
  };
}

type Rules = { usage: Usage; allowUnknown: boolean };

/** Pure. */
export function problemIn(
  vocabulary: Vocabulary,
  { names, itemType }: NamesInUse,
  { usage, allowUnknown }: Rules,
): NameProblem | null {
  for (const name of names) {
    const own = usage === 'publish' && impliedNotations(name).find((implied) => vocabulary.own.has(implied));
    // What it implies is published with it.
    if (own) return { name, message: `${own} is published by the platform alone` };
    if (!allowUnknown && !vocabulary.itemTypeByName.has(name)) {
      return unknown(name, [...vocabulary.itemTypeByName.keys()], 'a type or notation that is known here');
    }
  }
  if (itemType === null || allowUnknown || vocabulary.itemTypes.has(itemType)) return null;
  return unknown(itemType, vocabulary.itemTypes, 'an item type that is known here');
}

function unknown(name: string, known: Iterable<string>, kind: string): NameProblem {
  const near = nearNames(name, known);
  const meant = near.length === 0 ? '' : `; near it are ${near.join(', ')}`;
  return { name, message: `${name} is not ${kind}${meant} (GET /millrace/v1/event-types lists all)` };
}
