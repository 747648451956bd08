// What tokens look like: `<kind>.<mode>.<id>.<secret>`, e.g. `secret.live.8fK…`. Clients distinguish tokens
// by their text: an administrator's begins with `admin`, a test token (and no other) contains `.test.`. The
// secret ends with a checksum, so that a scanner of texts knows one without asking. Only the hash is ever
// stored. Pure but for randomness.
import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Mode } from '../accounts/account.ts';
import { randomAlphanumeric } from '../ids/ids.ts';
import type { TokenKind } from './caller.ts';

const PREFIX: Record<TokenKind, string> = { secret: 'secret', limited: 'limited', trusted: 'admin' };

/** 160 bits of randomness. */
const RANDOM_LENGTH = 27;
const CHECKSUM_LENGTH = 5;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Nothing longer is a token: it is refused before it is hashed. */
export const MAX_TOKEN_LENGTH = 512;

/** A limited token expires this long after its last use: two weeks. */
export const LIMITED_LIFE_MS = 14 * 24 * 3600 * 1000;

/**
 * @param id of the token's row: it joins a leaked token to its entry in the list without showing the secret
 */
export function makeToken(kind: TokenKind, mode: Mode, id: string): string {
  const text = `${PREFIX[kind]}.${mode}.${id}.${randomAlphanumeric(RANDOM_LENGTH)}`;
  return text + checksumOf(text);
}

/** CRC-32 in five digits to the base 62, of all that stands before it. */
function checksumOf(text: string): string {
  let left = crc32(text);
  let digits = '';
  for (let place = 0; place < CHECKSUM_LENGTH; place += 1) {
    digits = DIGITS[left % DIGITS.length] + digits;
    left = Math.floor(left / DIGITS.length);
  }
  return digits;
}

/** SHA-256. Tokens are random enough that nothing slower is needed. */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

const MADE_TOKEN = /^(admin|secret|limited)\.(live|test)\.[0-9A-Za-z]{22}\.[0-9A-Za-z]{28}([0-9A-Za-z]{4})$/;

/** Every token of ours that stands in a longer text. */
export const MADE_TOKEN_INSIDE = /(?:admin|secret|limited)\.(?:live|test)\.[0-9A-Za-z]{22}\.[0-9A-Za-z]{32}/g;

/**
 * Whether a text can only be one of ours. A token that its owner chose themselves is not distinguished from
 * any other text.
 */
export function isMadeToken(text: string): boolean {
  return MADE_TOKEN.test(text);
}

/**
 * What lists show in a token's place: kind, mode and the last four letters, `secret.live.••••Qx7f`. Of a
 * token that we didn't make, whose length we can't trust, only the first two letters.
 */
export function maskToken(token: string): string {
  const made = MADE_TOKEN.exec(token);
  return made === null ? `${token.slice(0, 2)}••••` : `${made[1]}.${made[2]}.••••${made[3]}`;
}
