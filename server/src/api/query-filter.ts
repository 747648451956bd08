// Reads a filter of a list from the query. Its endpoint declares it: query-parameters.ts. Pure.
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

/**
 * @returns null where there is none. @throws Failure `invalid_input` naming the parameter and what it may be
 */
export function readChoice<Choice extends string>(
  query: Record<string, unknown>,
  name: string,
  choices: readonly Choice[],
): Choice | null {
  const text = readFilter(query, name);
  if (text === null) return null;
  const choice = choices.find((known) => known === text);
  return (
    choice ?? fail('invalid_input', { message: `${name}: must be ${choices.join(' or ')}`, field: name })
  );
}
