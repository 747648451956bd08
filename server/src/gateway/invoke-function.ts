// A synchronous call of a function, for whichever dialect received it: resolve the target, admit the run, execute it.
// Who may call, what the event looks like and how the result is answered are the dialect's.
import type { World } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import type { RunnableFunction } from '../functions/function.ts';
import type { FunctionDirectory } from '../functions/function-directory.ts';
import type { Admission } from '../limits/admission.ts';
import type { RunExecutor, RunRequest } from '../runs/execute-run.ts';

export type Call<Response> = Omit<RunRequest<Response>, 'fn'> & { world: World; functionId: string };

export type InvokeFunction = <Response>(call: Call<Response>) => Promise<Response>;

type Parts = {
  functions: Pick<FunctionDirectory, 'peek' | 'find'>;
  admission: Admission;
  execute: RunExecutor;
};

/**
 * @returns a function that throws a Failure when no run came about: `not_found`, `function_disabled`, `too_many_runs`,
 *   `unavailable`
 */
export function functionInvoker({ functions, admission, execute }: Parts): InvokeFunction {
  return async (call) => {
    const fn = resolveTarget(
      functions.peek(call.functionId) ?? (await functions.find(call.functionId)),
      call,
    );
    admission.enter(fn.accountId);
    try {
      return await execute({ ...call, fn });
    } finally {
      admission.leave(fn.accountId);
    }
  };
}

/** A function of another world is not there, for this caller. */
function resolveTarget(
  found: RunnableFunction | null,
  call: { world: World; functionId: string },
): RunnableFunction {
  if (found === null || found.accountId !== call.world.accountId || found.mode !== call.world.mode) {
    fail('not_found', { message: `there is no function ${call.functionId}` });
  }
  if (!found.enabled) fail('function_disabled', { message: `the function ${call.functionId} is disabled` });
  return found;
}
