// Reads a filter of a list from the query. Pure.
import { fail } from '../errors/failure.ts';
import { isStorableText } from '../http/read-input.ts';

const MOST_CHARACTERS = 200;

/** @returns null where there is none. @throws Failure `invalid_input` naming the parameter */
export function readFilter(query: Record<string, unknown>, name: string): string | null {
  const value = query[name];
  if (value === undefined) return null;
  if (typeof value === 'string' && value.length <= MOST_CHARACTERS && isStorableText(value)) return value;
  return fail('invalid_input', {
    message: `${name}: must be given once, with at most ${MOST_CHARACTERS} characters`,
    field: name,
  });
}
