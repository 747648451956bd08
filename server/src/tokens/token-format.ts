// What tokens look like: `<kind>.<mode>.<id>.<secret>`, e.g. `secret.live.8fK…`. Clients distinguish tokens
// by their text: an administrator's begins with `admin`, a test token (and no other) contains `.test.`. Only
// the hash is ever stored. Pure but for randomness.
import { hash } from 'node:crypto';
import type { Mode } from '../accounts/account.ts';
import { randomAlphanumeric } from '../ids/ids.ts';
import type { TokenKind } from './caller.ts';

const PREFIX: Record<TokenKind, string> = { secret: 'secret', limited: 'limited', trusted: 'admin' };

/** 190 bits of randomness. */
const SECRET_LENGTH = 32;

/** Nothing longer is a token: it is refused before it is hashed. */
export const MAX_TOKEN_LENGTH = 512;

/** A limited token expires this long after its last use: two weeks. */
export const LIMITED_LIFE_MS = 14 * 24 * 3600 * 1000;

/**
 * @param id of the token's row: it joins a leaked token to its entry in the list without showing the secret
 */
export function makeToken(kind: TokenKind, mode: Mode, id: string): string {
  return `${PREFIX[kind]}.${mode}.${id}.${randomAlphanumeric(SECRET_LENGTH)}`;
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
