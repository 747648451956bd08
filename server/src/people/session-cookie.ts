// The cookie that holds a session, and its text. `__Host-` makes browsers take it from the console's own host
// alone, over HTTPS or from the machine itself, and send it nowhere else: a neighbouring host can neither
// read nor set it. Pure but for randomness.
import { hash } from 'node:crypto';
import { randomAlphanumeric } from '../ids/ids.ts';

export const SESSION_COOKIE = '__Host-millrace_session';

/** 256 bits of randomness. */
const SECRET_LENGTH = 43;
const SECRET = /^[0-9A-Za-z]{43}$/;

export function newSecret(): string {
  return randomAlphanumeric(SECRET_LENGTH);
}

/** SHA-256. Secrets are random enough that nothing slower is needed. */
export function hashSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

export function isSecret(text: string): boolean {
  return SECRET.test(text);
}

/** @param sameSite `Lax`: also sent by a browser that another host sends here */
export function setCookie(name: string, value: string, { maxAgeS, sameSite }: CookieLife): string {
  return `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=${sameSite}; Max-Age=${maxAgeS}`;
}

export type CookieLife = { maxAgeS: number; sameSite: 'Strict' | 'Lax' };

export function clearCookie(name: string): string {
  return setCookie(name, '', { maxAgeS: 0, sameSite: 'Strict' });
}

/** @returns null where the header has no such cookie, or more than one */
export function readCookie(header: string | undefined, name: string): string | null {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? (values[0] as string) : null;
}
