import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { Failure } from '../errors/failure.ts';
import { readInput, storableText } from './read-input.ts';

const schema = z.strictObject({
  name: z.string().min(2).max(5).optional(),
  count: z.int().min(1).max(9).optional(),
  kind: z.enum(['warm', 'none']).optional(),
  flag: z.boolean().optional(),
  step: z.number().multipleOf(5).optional(),
  when: z.iso.date().optional(),
  list: z
    .array(z.object({ id: storableText(3) }))
    .max(2)
    .optional(),
});

function refusal(value: unknown): Failure {
  try {
    readInput(schema, value, 'the request body');
  } catch (error) {
    assert.ok(error instanceof Failure);
    return error;
  }
  return assert.fail('it was taken');
}

describe('a rule that input breaks', () => {
  for (const [value, message] of [
    [undefined, 'the request body: is required'],
    [[], 'the request body: must be an object'],
    [null, 'the request body: must be an object'],
    [{ name: 5 }, 'name: must be text'],
    [{ name: 'x' }, 'name: must have at least 2 characters'],
    [{ name: 'xxxxxx' }, 'name: must have at most 5 characters'],
    [{ count: '1' }, 'count: must be a number'],
    [{ count: 1.5 }, 'count: must be a whole number'],
    [{ count: 0 }, 'count: must be at least 1'],
    [{ count: 10 }, 'count: must be at most 9'],
    [{ kind: 'cold' }, 'kind: must be warm or none'],
    [{ flag: 'yes' }, 'flag: must be true or false'],
    [{ step: 3 }, 'step: must be a multiple of 5'],
    [{ when: 'soon' }, 'when: is not valid'],
    [{ list: {} }, 'list: must be a list'],
    [{ list: [[]] }, 'list.0: must be an object'],
    [{ list: [{}] }, 'list.0.id: is required'],
    [{ list: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] }, 'list: must have at most 2 items'],
    [{ turbo: 1 }, 'the request body: must not have "turbo": there is no such field here'],
  ] as const) {
    test(`${JSON.stringify(value)} is told in our words`, () => {
      assert.equal(refusal(value).message, message);
    });
  }

  test('the words of a schema go before the general ones', () => {
    const own = z.string('must be a language tag');
    assert.throws(() => readInput(own, 5, 'language'), /^Failure: language: must be a language tag$/);
  });

  test('no text of the validator is in a sentence', () => {
    const many = Object.fromEntries(
      Array.from({ length: 50 }, (_, at) => [`key ${at} ${'x'.repeat(99)}`, 1]),
    );
    const { message } = refusal(many);
    assert.ok(message.length < 500, message);
    assert.doesNotMatch(message, /Unrecognized|Invalid|received/);
  });
});
