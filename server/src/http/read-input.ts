// Checks input from outside against a zod schema and refuses it in one sentence that names the field and the rule.
// Pure; called by every endpoint that takes a body.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { ruleOf } from './input-rule.ts';

/**
 * @param value whatever arrived
 * @param subject what it is called where the whole value is at fault, e.g. `the request body`
 * @throws Failure `invalid_input` for the first thing that is wrong
 */
export function readInput<T>(schema: z.ZodType<T>, value: unknown, subject: string): T {
  const result = schema.safeParse(value, { error: ruleOf });
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = (issue?.path ?? []).join('.');
  const name = field === '' ? subject : field;
  const message = `${name}: ${issue?.message ?? 'is not valid'}`;
  return fail('invalid_input', field === '' ? { message } : { message, field });
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
