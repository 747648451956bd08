// Decides whether a subscription may deliver to one of our own functions without a token: those of its own
// world, and those that the operator has marked public. Pure but for the directory that it asks.
import type { World } from '../accounts/account.ts';
import type { RunnableFunction } from '../functions/function.ts';
import type { FunctionDirectory } from '../functions/function-directory.ts';

export type OwnFunctions = {
  /** @returns null where this world may not deliver to it, or it isn't there: which of both isn't shown */
  find(world: World, functionId: string): Promise<RunnableFunction | null>;
};

export function ownFunctions(
  functions: Pick<FunctionDirectory, 'peek' | 'find'>,
  publicIds: readonly string[],
): OwnFunctions {
  const isPublic = new Set(publicIds);
  return {
    async find(world, functionId) {
      const fn = functions.peek(functionId) ?? (await functions.find(functionId));
      if (fn === null || fn.mode !== world.mode) return null;
      return fn.accountId === world.accountId || isPublic.has(functionId) ? fn : null;
    },
  };
}
