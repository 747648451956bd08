import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newResourceId } from '../ids/ids.ts';
import { hashToken, MAX_TOKEN_LENGTH, makeToken, maskToken } from './token-format.ts';

describe('token format', () => {
  test('a test token contains .test., a live one never does', () => {
    for (const kind of ['secret', 'limited', 'trusted'] as const) {
      assert.ok(makeToken(kind, 'test', newResourceId()).includes('.test.'));
      assert.equal(makeToken(kind, 'live', newResourceId()).includes('.test.'), false);
    }
  });

  test("an administrator's token begins with admin, the others with their kind", () => {
    assert.match(makeToken('trusted', 'test', newResourceId()), /^admin\.test\./);
    assert.match(makeToken('secret', 'live', newResourceId()), /^secret\.live\./);
    assert.match(makeToken('limited', 'live', newResourceId()), /^limited\.live\./);
  });

  test('two tokens of one id differ in 32 random letters', () => {
    const id = newResourceId();
    const secrets = [1, 2].map(() => makeToken('secret', 'live', id).split('.')[3] as string);
    assert.ok(secrets.every((secret) => /^[0-9A-Za-z]{32}$/.test(secret)));
    assert.notEqual(secrets[0], secrets[1]);
    assert.ok(makeToken('limited', 'live', id).length < MAX_TOKEN_LENGTH);
  });

  test('a mask tells kind, mode and four letters of ours, two of a foreign one', () => {
    const token = makeToken('secret', 'live', newResourceId());
    assert.equal(maskToken(token), `secret.live.••••${token.slice(-4)}`);
    assert.equal(maskToken('correct-horse-battery'), 'co••••');
  });

  test('the hash is SHA-256', () => {
    const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    assert.equal(hashToken('abc').toString('hex'), expected);
  });
});
