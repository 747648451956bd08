// Puts another master key in the place of the one that there is, while everything is served: begun once, then
// the accounts' keys are sealed anew in portions, then ended on a node that has the new key for its own.
// Whatever dies in between, what is done stays done. Called by the operator's API.
import { randomBytes } from 'node:crypto';
import {
  countNodesOfOtherKeys,
  deleteRotation,
  findRotation,
  insertRotation,
  lockRotation,
  lockSealedKeys,
  noteResealed,
  type StoredRotation,
  setSealedKeys,
} from '../accounts/master-key-store.ts';
import { fail } from '../errors/failure.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { markOfKey, resealKey } from './account-keys.ts';
import { openRotation, type RotatedKeys, sealRotation } from './master-keys.ts';
import { KEY_BYTES } from './seal.ts';

export type RotationState = {
  /** null: none goes on. */
  begunAt: Date | null;
  /** Whether every account's key is sealed by the new one. */
  isResealed: boolean;
  /** Which of the two this node was started with. */
  own: 'only' | 'old' | 'new';
};

/** Writes what was done into the log of changes, in the same transaction. */
export type Note = (sql: Sql) => Promise<void>;

export type KeyRotation = {
  state(): Promise<RotationState>;
  /** @param key null: one is made. @returns the new key. @throws Failure `conflict` where one goes on */
  begin(key: Buffer | null, note: Note): Promise<Buffer>;
  /**
   * @returns how many accounts' keys were sealed anew, and whether all are. @throws Failure `invalid_state`
   */
  reseal(): Promise<{ resealed: number; isAll: boolean }>;
  /** The old key opens nothing from now on. @throws Failure `invalid_state` */
  end(note: Note): Promise<void>;
};

/** Accounts of one portion. */
const PORTION = 2_000;

export function createKeyRotation(database: Database, own: Buffer): KeyRotation {
  return {
    async state() {
      const stored = await findRotation(database);
      if (stored === null) return { begunAt: null, isResealed: true, own: 'only' };
      const isNew = opened(own, stored).newest === own;
      return {
        ...{ begunAt: stored.begunAt, isResealed: stored.resealedAt !== null, own: isNew ? 'new' : 'old' },
      };
    },
    begin: (key, note) =>
      database.transaction(async (sql) => {
        await lockRotation(sql);
        if ((await findRotation(sql)) !== null)
          fail('conflict', { message: 'another key takes the place of this one already: end that first' });
        const newest = key ?? randomBytes(KEY_BYTES);
        if (newest.equals(own)) fail('invalid_input', { message: 'key: it is in use already', field: 'key' });
        await insertRotation(sql, sealRotation({ newest, older: own }));
        await note(sql);
        return newest;
      }),
    reseal: () =>
      database.transaction(async (sql) => {
        await lockRotation(sql);
        const stored = (await findRotation(sql)) ?? noRotation();
        if (stored.resealedAt !== null) return { resealed: 0, isAll: true };
        return await resealPortion(sql, opened(own, stored), stored);
      }),
    end: (note) =>
      database.transaction(async (sql) => {
        await lockRotation(sql);
        const stored = (await findRotation(sql)) ?? noRotation();
        if (stored.resealedAt === null)
          fail('invalid_state', {
            message: 'some keys of accounts are sealed by the old key: reseal them first',
          });
        if (opened(own, stored).newest !== own)
          fail('invalid_state', {
            message: 'this node was started with the old key: start every node with the new one first',
          });
        const nodes = await countNodesOfOtherKeys(sql, markOfKey(own));
        if (nodes > 0)
          fail('invalid_state', {
            message: `nodes that were started with another key are there: ${nodes}. Start them with the new one first`,
            facts: { nodes },
          });
        await deleteRotation(sql);
        await note(sql);
      }),
  };
}

/** New accounts get keys that the new one seals: one pass over the others is enough. */
async function resealPortion(
  sql: Sql,
  keys: RotatedKeys,
  { resealedTo }: StoredRotation,
): Promise<{ resealed: number; isAll: boolean }> {
  const accounts = await lockSealedKeys(sql, resealedTo, PORTION);
  const resealed = new Map<string, Buffer>();
  for (const { id, sealedKey } of accounts) {
    if (sealedKey.length > 0) resealed.set(id, resealKey(keys, id, sealedKey));
  }
  await setSealedKeys(sql, resealed);
  const isAll = accounts.length < PORTION;
  await noteResealed(sql, accounts.at(-1)?.id ?? resealedTo, isAll);
  return { resealed: resealed.size, isAll };
}

function opened(own: Buffer, stored: StoredRotation): RotatedKeys {
  const keys = openRotation(own, stored);
  if (keys === null) throw new Error('the master key of this node is neither the old nor the new one');
  return keys;
}

function noRotation(): never {
  return fail('invalid_state', { message: 'no key takes the place of another' });
}
