// Checks input from outside against a zod schema and refuses it in one sentence that names the field and the
// rule. Pure; called by every endpoint that takes a body.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { ruleOf } from './input-rule.ts';

/** Of the field that an error names. */
const LONGEST_FIELD = 100;

/**
 * @param value whatever arrived
 * @param subject what it is called where the whole value is at fault, e.g. `the request body`
 * @throws Failure `invalid_input` for the first thing that is wrong
 */
export function readInput<T>(schema: z.ZodType<T>, value: unknown, subject: string): T {
  const result = schema.safeParse(value, { error: ruleOf });
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = (issue?.path ?? []).join('.');
  const message = `${place === '' ? subject : place}: ${issue?.message ?? 'is not valid'}`;
  const field = [place, ...unknownIn(issue)].filter(Boolean).join('.');
  return fail('invalid_input', field === '' ? { message } : { message, field });
}

/** The member at fault is one that the schema doesn't know. */
function unknownIn(issue: z.core.$ZodIssue | undefined): string[] {
  const key = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  return key !== undefined && isStorableText(key) ? [key.slice(0, LONGEST_FIELD)] : [];
}

/** Text that PostgreSQL, JSON and a process environment can all hold: no NUL, no half of a surrogate pair. */
export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** A schema for text from outside. @param maxLength in characters (UTF-16 units) */
export function storableText(maxLength: number): z.ZodType<string> {
  return z
    .string()
    .max(maxLength, `must have at most ${maxLength} characters`)
    .refine(isStorableText, 'must not contain NUL or broken characters');
}
