// Turns a failure of the start into words for the operator: which setting, and what is wrong with it.
import { StartError } from './start-error.ts';

/** @throws StartError `<subject>: <what went wrong>` when `work` fails */
export async function explain<T>(subject: string, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`${subject}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  // A host with several addresses fails with one error for each of them.
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
