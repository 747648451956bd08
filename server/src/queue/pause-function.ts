// Pauses a function and lets it go on: its queued runs wait meanwhile, whatever starts it. A run that has
// begun goes on.
import type { World } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import { getFunction, type SealedFunction } from '../functions/function-store.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { pauseFunction, resumeFunction } from './function-pause-store.ts';
import type { RunQueue } from './run-queue.ts';

export type FunctionPausing = {
  /** @throws Failure `not_found` */
  pause(world: World, functionId: string): Promise<SealedFunction>;
  /** @throws Failure `not_found` */
  resume(world: World, functionId: string): Promise<SealedFunction>;
};

type Parts = {
  database: Database;
  queue: Pick<RunQueue, 'wake'>;
  /** Called when it is committed: this node's memory must forget the function at once. */
  onChanged(functionId: string): void;
};

export function createFunctionPausing({ database, queue, onChanged }: Parts): FunctionPausing {
  const change = async (world: World, id: string, act: typeof pauseFunction): Promise<SealedFunction> => {
    const fn = await database.transaction(async (sql: Sql) =>
      (await act(sql, world, id)) ? await getFunction(sql, world, id) : null,
    );
    if (fn === null) fail('not_found', { message: 'there is no such function' });
    onChanged(id);
    return fn;
  };
  return {
    pause: (world, id) => change(world, id, pauseFunction),
    resume: async (world, id) => {
      const fn = await change(world, id, resumeFunction);
      queue.wake();
      return fn;
    },
  };
}
