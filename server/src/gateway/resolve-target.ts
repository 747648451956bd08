// Finds the function that a call or a run names, for the one who asks in its world. A disabled one takes
// none.
import type { World } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import type { RunnableFunction } from '../functions/function.ts';
import type { FunctionDirectory } from '../functions/function-directory.ts';
import { isStorableText } from '../http/read-input.ts';

export type Functions = Pick<FunctionDirectory, 'peek' | 'find'>;
type Named = { world: World; functionId: string };

/**
 * @returns a promise where the database has to be asked
 * @throws Failure `not_found`, `function_disabled`, at once or by the promise
 */
export function resolveTarget(
  functions: Functions,
  named: Named,
): RunnableFunction | Promise<RunnableFunction> {
  // No id holds what the database can't.
  if (!isStorableText(named.functionId)) return usableBy(null, named);
  const known = functions.peek(named.functionId);
  if (known !== undefined) return usableBy(known, named);
  return functions.find(named.functionId).then((found) => usableBy(found, named));
}

/** A function of another world is not there, for this caller. */
function usableBy(found: RunnableFunction | null, { world, functionId }: Named): RunnableFunction {
  if (found === null || found.accountId !== world.accountId || found.mode !== world.mode) {
    fail('not_found', { message: `there is no function ${functionId}` });
  }
  if (!found.enabled) fail('function_disabled', { message: `the function ${functionId} is disabled` });
  return found;
}
