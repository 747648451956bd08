// What a function may ask about key values while it runs, and the answers, as it sees them. The names of the
// questions are the platform's; what the functions are called that ask them, and where they stand, is the
// dialect's.
import { fail } from '../errors/failure.ts';
import type { RunnableFunction } from '../functions/function.ts';
import { isStorableText } from '../http/read-input.ts';
import type { KeyValue } from './key-value.ts';
import type { KeyValues } from './key-values.ts';

export const GET_KEY_VALUE = 'key_values.get';
export const UPDATE_KEY_VALUE = 'key_values.update';

/** A key value in a function's eyes. */
type SeenKeyValue = { key: string; value: string; key_type: string /** Unix time in s. */; updated: number };

export async function answerValueQuestion(
  keyValues: Pick<KeyValues, 'read' | 'updateByFunction'>,
  fn: RunnableFunction,
  question: { name: string; args: readonly unknown[] },
): Promise<SeenKeyValue> {
  const [key, value] = question.args;
  if (typeof key !== 'string') fail('invalid_input', { message: 'the key must be text', field: 'key' });
  if (question.name === GET_KEY_VALUE) return seen(await keyValues.read(fn, key));
  if (question.name === UPDATE_KEY_VALUE)
    return seen(await keyValues.updateByFunction(fn, key, textOf(value)));
  return fail('not_found', { message: `there is no request ${question.name}` });
}

function seen({ key, value, keyType, modifiedAt }: KeyValue): SeenKeyValue {
  return { key, value, key_type: keyType, updated: Math.floor(modifiedAt.getTime() / 1000) };
}

function textOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string' && isStorableText(value)) return value;
  const message = 'the value must be text: make it of anything else with JSON.stringify';
  return fail('invalid_input', { message, field: 'value' });
}
