// The functions that are being called, in memory and ready to run: the hot path asks here, and only the first call goes to
// the database. Forgets a function when told that it changed (locally, or by CHANGE_CHANNEL from another node).
// Keeps nothing about ids that don't exist. Called by the gateway and whoever executes runs.
import type { Sql } from '../postgres/database.ts';
import type { RunnableFunction } from './function.ts';
import { findFunctionAnywhere, type SealedFunction } from './function-store.ts';

export type FunctionDirectory = {
  /** What is in memory now: never waits, never loads. */
  peek(id: string): RunnableFunction | undefined;
  /**
   * Loads on a miss; concurrent calls share one query.
   * @returns null where there is no such function. The caller compares the world.
   */
  find(id: string): Promise<RunnableFunction | null>;
  /** The function has changed or is gone. */
  forget(id: string): void;
  /** Any function may have changed: notifications may have been missed while the connection was lost. */
  forgetAll(): void;
};

type Parts = {
  sql: Sql;
  /** Opens a function's sealed variables. */
  openVariables: (owner: SealedFunction) => Promise<Record<string, string>> | Record<string, string>;
  /** Functions kept; beyond it, the one not called for longest goes. */
  capacity: number;
};

export function openFunctionDirectory({ sql, openVariables, capacity }: Parts): FunctionDirectory {
  // A Map lists its keys in the order of their insertion: the first is the one unused for longest.
  const kept = new Map<string, RunnableFunction>();
  const underway = new Map<string, Promise<RunnableFunction | null>>();

  function peek(id: string): RunnableFunction | undefined {
    const found = kept.get(id);
    if (found === undefined) return undefined;
    kept.delete(id);
    kept.set(id, found);
    return found;
  }

  async function load(id: string): Promise<RunnableFunction | null> {
    const sealed = await findFunctionAnywhere(sql, id);
    if (sealed === null) return null;
    const { sealedVariables, ...stored } = sealed;
    return { ...stored, variables: sealedVariables === null ? {} : await openVariables(sealed) };
  }

  function keep(id: string, found: RunnableFunction): void {
    kept.set(id, found);
    for (const oldest of kept.keys()) {
      if (kept.size <= capacity) return;
      kept.delete(oldest);
    }
  }

  return {
    peek,
    find(id) {
      const found = peek(id);
      if (found !== undefined) return Promise.resolve(found);
      const running = underway.get(id);
      if (running !== undefined) return running;
      const loading: Promise<RunnableFunction | null> = load(id)
        .then((loaded) => {
          // Forgotten meanwhile: what was read may be from before the change. It answers those who asked before it.
          if (loaded !== null && underway.get(id) === loading) keep(id, loaded);
          return loaded;
        })
        .finally(() => {
          if (underway.get(id) === loading) underway.delete(id);
        });
      underway.set(id, loading);
      return loading;
    },
    forget(id) {
      kept.delete(id);
      underway.delete(id);
    },
    forgetAll() {
      kept.clear();
      underway.clear();
    },
  };
}
