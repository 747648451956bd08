import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Failure } from '../errors/failure.ts';
import { parseJsonBody, readUtf8 } from './take-json.ts';

function refusal(text: string): Failure {
  try {
    parseJsonBody(text);
  } catch (error) {
    assert.ok(error instanceof Failure);
    return error;
  }
  return assert.fail('it was taken');
}

describe('a JSON body', () => {
  test('is what it says, a byte order mark aside; nothing where it is empty', () => {
    assert.deepEqual(parseJsonBody('{"a":[1,null,{"constructor":"x"}]}'), {
      a: [1, null, { constructor: 'x' }],
    });
    assert.deepEqual(parseJsonBody('\uFEFF[]'), []);
    assert.equal(parseJsonBody(''), undefined);
    assert.deepEqual(parseJsonBody('{"text":"__proto__"}'), { text: '__proto__' });
  });

  test('that is no JSON is invalid_json', () => {
    for (const text of ['{', 'a=b', '{"a":1,}', ' ', "{'a':1}"]) {
      assert.deepEqual(
        [refusal(text).code, refusal(text).message],
        ['invalid_json', 'the request body must be valid JSON'],
      );
    }
  });

  test('in another encoding is refused: it would be kept as other text than was sent', () => {
    assert.equal(readUtf8(Buffer.from('"é"')), '"é"');
    assert.throws(() => readUtf8(Buffer.from('"é"', 'latin1')), { code: 'invalid_json', message: /UTF-8/ });
  });

  for (const [text, name] of [
    ['{"__proto__":{"x":1}}', '__proto__'],
    ['[{"a":{"\\u005f_proto__":1}}]', '__proto__'],
    ['{"a":{"constructor":{"prototype":{}}}}', 'constructor.prototype'],
  ] as const) {
    test(`${text} is refused for its ${name}`, () => {
      const { code, field, message } = refusal(text);
      assert.deepEqual([code, field], ['invalid_input', name]);
      assert.equal(message, `the request body: must not have a field named ${name}`);
    });
  }
});
