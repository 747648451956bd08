// The functions that are being called, in memory and ready to run: the hot path asks here, and only the first
// call goes to the database. Forgets a function when notified that it changed (locally, or by CHANGE_CHANNEL
// from another node). Keeps nothing about ids that don't exist. Called by the gateway and what executes runs.
import { LatelyUsed } from '../memory/lately-used.ts';
import { SharedLoads } from '../memory/shared-loads.ts';
import type { Sql } from '../postgres/database.ts';
import type { RunnableFunction } from './function.ts';
import {
  findFunctionAnywhere,
  findFunctionVersion,
  type SealedFunction,
  worldName,
} from './function-store.ts';

export type FunctionDirectory = {
  /** What is in memory now: never waits, never loads. */
  peek(id: string): RunnableFunction | undefined;
  /**
   * Loads on a miss; concurrent calls share one query.
   * @returns null where there is no such function. The caller compares the world.
   */
  find(id: string): Promise<RunnableFunction | null>;
  /**
   * The function with one of its versions. The active one is the same as {@link find} gives.
   * @returns null where there is no such function, or no such version
   */
  findVersion(id: string, version: number): Promise<RunnableFunction | null>;
  /** The function has changed or is gone. */
  forget(id: string): void;
  /** Any function of a world may have, named as by `worldName`. */
  forgetWorld(name: string): void;
  /** Any function may have changed: notifications may have been missed while the connection was lost. */
  forgetAll(): void;
};

type Opened = Pick<RunnableFunction, 'variables' | 'secretNames'>;

type Parts = {
  sql: Sql;
  /** Opens what a function finds in its environment. */
  openVariables: (owner: SealedFunction) => Promise<Opened> | Opened;
  /** Functions kept; beyond it, the one not called for longest goes. */
  capacity: number;
};

export function openFunctionDirectory({ sql, openVariables, capacity }: Parts): FunctionDirectory {
  const kept = new LatelyUsed<RunnableFunction>(capacity);
  const loads = new SharedLoads<RunnableFunction | null>();

  async function load(id: string): Promise<RunnableFunction | null> {
    const sealed = await findFunctionAnywhere(sql, id);
    const active = await opened(sealed);
    if (active === null || sealed?.canary == null) return active;
    const { version, ...canary } = sealed.canary;
    const fn = await opened(await findFunctionVersion(sql, id, version));
    return fn === null ? active : { ...active, canary: { ...canary, fn: { ...fn, isPinned: true } } };
  }

  async function opened(sealed: SealedFunction | null): Promise<RunnableFunction | null> {
    if (sealed === null) return null;
    const { sealedVariables: _, canary: __, previousVersion: ___, ...stored } = sealed;
    return { ...stored, ...(await openVariables(sealed)) };
  }

  const directory: FunctionDirectory = {
    peek: (id) => kept.get(id),
    find(id) {
      const found = kept.get(id);
      if (found !== undefined) return Promise.resolve(found);
      return loads.load(id, load, (loaded) => loaded !== null && kept.set(id, loaded));
    },
    async findVersion(id, version) {
      const active = await directory.find(id);
      if (active === null || active.version === version) return active;
      // Not kept: runs of another version are rare, and its row is found by its key.
      const found = await opened(await findFunctionVersion(sql, id, version));
      return found === null ? null : { ...found, isPinned: true };
    },
    forget(id) {
      kept.delete(id);
      loads.forget(id);
    },
    forgetWorld(name) {
      kept.deleteWhere((fn) => worldName(fn) === name);
      loads.forgetAll();
    },
    forgetAll() {
      kept.clear();
      loads.forgetAll();
    },
  };
  return directory;
}
