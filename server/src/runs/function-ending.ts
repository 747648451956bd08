// What an ended attempt says about its function: fine, at fault, or code that can't even be loaded. Pure.
// Called by what writes how runs ended, for functions that are disabled after so many faults in a row.
import type { FunctionEnding } from '../functions/fault-store.ts';
import type { Run, RunStatus } from './run.ts';

const WORDS: Partial<Record<RunStatus, string>> = {
  timed_out: 'timed out',
  out_of_memory: 'ran out of memory',
  crashed: 'crashed',
};

const MESSAGE_CHARACTERS = 200;

export function functionEnding(run: Run, isFault: boolean): FunctionEnding {
  const { accountId, functionId } = run;
  const how = isFault ? (WORDS[run.status] ?? 'failed') : null;
  return { accountId, functionId, isFault, how, loadError: isFault ? loadErrorOf(run) : null };
}

/**
 * What the runtime says of code that can't be parsed: where code is loaded anew for every run, its run has
 * begun by then.
 */
const UNPARSED = 'Runtime.UserCodeSyntaxError';

/**
 * The code threw before any run of it could begin. One that took too long, or too much memory, may do better
 * the next time.
 */
function loadErrorOf({ status, startedAtMs, error }: Run): string | null {
  if (status !== 'failed' || error === null) return null;
  if (startedAtMs !== null && error.type !== UNPARSED) return null;
  return `${error.type}: ${error.message.split('\n', 1)[0] ?? ''}`.slice(0, MESSAGE_CHARACTERS);
}
