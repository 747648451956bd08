// The arguments that a caller or an assistant hands to a function, checked against what the function
// declares. Accepts both habits: a list of `{name, value}` and an object. Pure.
import { fail } from '../../errors/failure.ts';
import type { CustomArgument } from './function-settings.ts';

/** @throws Failure `invalid_input` naming the argument */
export function readArguments(declared: readonly CustomArgument[], given: unknown): Record<string, unknown> {
  const values = byName(given);
  for (const { name, type, required } of declared) {
    const value = values[name];
    if (value === undefined || value === null) {
      if (required) refuse(name, 'is required');
    } else if (!isOf(type, value)) refuse(name, `must be ${wordsFor(type)}`);
  }
  return values;
}

function byName(given: unknown): Record<string, unknown> {
  if (given === undefined || given === null) return {};
  if (!Array.isArray(given)) {
    if (typeof given !== 'object') refuse('', 'must be a list of {name, value} or an object');
    return { ...given };
  }
  return Object.fromEntries(given.map((item, at) => entryOf(item, at)));
}

function entryOf(item: unknown, at: number): [string, unknown] {
  const { name, value } = (item ?? {}) as { name?: unknown; value?: unknown };
  if (typeof name !== 'string' || name === '') refuse(String(at), 'must have a name');
  return [name, value];
}

function isOf(type: CustomArgument['type'], value: unknown): boolean {
  if (type === 'integer') return Number.isSafeInteger(value);
  return typeof value === type && (type !== 'number' || Number.isFinite(value));
}

function wordsFor(type: CustomArgument['type']): string {
  const words = { string: 'text', number: 'a number', integer: 'a whole number', boolean: 'true or false' };
  return words[type];
}

function refuse(name: string, rule: string): never {
  const field = name === '' ? 'custom_arguments' : `custom_arguments.${name}`;
  return fail('invalid_input', { message: `${field}: ${rule}`, field });
}
