import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { SealError, seal, unseal } from './seal.ts';

const key = randomBytes(32);
const context = { accountId: 'AA0000', purpose: 'variables of function f1' };
const plain = Buffer.from('{"api_key":"s3cr3t"}');

describe('seal', () => {
  test('what was sealed opens with the same key and context', () => {
    assert.deepEqual(unseal(key, seal(key, plain, context), context), plain);
    assert.deepEqual(unseal(key, seal(key, Buffer.alloc(0), context), context), Buffer.alloc(0));
  });

  test('sealed bytes hold nothing of the plaintext and differ every time', () => {
    const sealed = seal(key, plain, context);
    assert.equal(sealed.includes('s3cr3t'), false);
    assert.notDeepEqual(seal(key, plain, context), sealed);
    assert.equal(sealed.length, plain.length + 29);
  });

  for (const [title, otherContext] of [
    ['another account', { ...context, accountId: 'AA0001' }],
    ['another function', { ...context, purpose: 'variables of function f2' }],
  ] as const) {
    test(`sealed bytes don't open for ${title}`, () => {
      assert.throws(() => unseal(key, seal(key, plain, context), otherContext), SealError);
    });
  }

  test("sealed bytes don't open with another key", () => {
    assert.throws(() => unseal(randomBytes(32), seal(key, plain, context), context), SealError);
  });

  test('a change to any byte, or a cut, is noticed', () => {
    const sealed = seal(key, plain, context);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      assert.throws(() => unseal(key, changed, context), SealError, `byte ${at}`);
      assert.throws(() => unseal(key, sealed.subarray(0, at), context), SealError, `cut at ${at}`);
    }
  });
});
