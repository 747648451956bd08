// What a schema found wrong, in our words: the end of a sentence that begins with the field's name. The
// validator's own texts speak of types and keys and never reach a caller. Pure. Called by read-input.ts.
import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

/** What a value of each type is called. */
const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  date: 'a date',
};

/** What a size is counted in. */
const UNITS: Record<string, string> = { string: 'characters', array: 'items', record: 'members' };

const MOST_KEYS_TOLD = 5;
const LONGEST_KEY = 50;

/**
 * @returns the rule that was broken, e.g. `must be a list`, `is required`; used where a schema has no words
 * of its own
 */
export function ruleOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is required'
        : `must be ${KINDS[issue.expected] ?? 'of another kind'}`;
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}`;
    case 'too_small':
      return `must ${sized(issue.origin, issue.minimum, 'at least')}`;
    case 'too_big':
      return `must ${sized(issue.origin, issue.maximum, 'at most')}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return `must not have ${keysOf(issue.keys)}: there is no such field here`;
    default:
      return 'is not valid';
  }
}

/**
 * The rule of an object that has words of its own for what is none: a member that it doesn't know is still
 * named.
 */
export function objectRule(words: string): { error(issue: Issue): string } {
  return { error: (issue) => (issue.code === 'unrecognized_keys' ? ruleOf(issue) : words) };
}

function sized(origin: string, bound: number | bigint, degree: string): string {
  const unit = UNITS[origin];
  return unit === undefined ? `be ${degree} ${bound}` : `have ${degree} ${bound} ${unit}`;
}

function keysOf(keys: readonly string[]): string {
  const told = keys.slice(0, MOST_KEYS_TOLD).map((key) => JSON.stringify(key.slice(0, LONGEST_KEY)));
  return keys.length > told.length ? `${told.join(', ')} and others` : told.join(', ');
}
