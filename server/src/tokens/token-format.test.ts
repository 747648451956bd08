import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
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

  test('two tokens of one id differ in their secrets of 32 letters', () => {
    const id = newResourceId();
    const secrets = [1, 2].map(() => makeToken('secret', 'live', id).split('.')[3] as string);
    assert.ok(secrets.every((secret) => /^[0-9A-Za-z]{32}$/.test(secret)));
    assert.notEqual(secrets[0], secrets[1]);
    assert.ok(makeToken('limited', 'live', id).length < MAX_TOKEN_LENGTH);
  });

  test('ends with a checksum of what stands before it, as the page of security says it', () => {
    const token = makeToken('secret', 'live', newResourceId());
    const [text, checksum] = [token.slice(0, -5), token.slice(-5)];
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    const value = [...checksum].reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0);
    assert.equal(value, crc32(text) % 62 ** 5);
    assert.notEqual(crc32(`${text}x`) % 62 ** 5, value);
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
