// Who a visitor of a site is: `context.contact`. Two ways, each off until it is configured: a cookie signed
// by the site, and an address that is asked. A contact that can't be known is anonymous (null): a call never
// fails for it. Called by the door.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { LatelyUsed } from '../../../memory/lately-used.ts';
import type { Contact } from './endpoint-context.ts';

const CONTACT_COOKIE = 'millrace_contact';

export type ContactQuestion = { portalId: number /** The Cookie header. */; cookies: string };
export type ContactResolver = (question: ContactQuestion) => Promise<Contact | null>;

export type ContactParts = {
  contactKey: string | null;
  contactUrl: string | null;
  /** Unix time in ms. */
  clock(): number;
  onError(error: unknown): void;
};

/** The signed cookie first; then the address, for callers that have any cookie at all. */
export function createContactResolver(parts: ContactParts): ContactResolver {
  const ask = parts.contactUrl === null ? null : contactAsker({ ...parts, contactUrl: parts.contactUrl });
  return async (question) => {
    if (question.cookies === '') return null;
    const token = cookieOf(question.cookies, CONTACT_COOKIE);
    if (token !== null && parts.contactKey !== null) {
      const contact = contactOfToken(token, parts.contactKey, { ...question, nowMs: parts.clock() });
      if (contact !== null) return contact;
    }
    return ask === null ? null : ask(question);
  };
}

/**
 * A JSON Web Token, HS256: `{portal, vid, isLoggedIn, listMemberships, properties, exp}`. Any other
 * algorithm, a wrong signature, another account's portal or an `exp` (s) that has passed make it nothing; one
 * without `exp` isn't taken either.
 */
export function contactOfToken(
  token: string,
  key: string,
  at: { portalId: number; nowMs: number },
): Contact | null {
  const [head, payload, signature, rest] = token.split('.');
  if (head === undefined || payload === undefined || signature === undefined || rest !== undefined)
    return null;
  const expected = createHmac('sha256', key).update(`${head}.${payload}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const [header, claims] = [parseObject(decode(head)), parseObject(decode(payload))];
  if (header?.alg !== 'HS256' || claims === null) return null;
  if (claims.portal !== at.portalId) return null;
  if (typeof claims.exp !== 'number' || claims.exp * 1000 <= at.nowMs) return null;
  return readContact(claims);
}

/**
 * @returns null for what is no contact. Basic properties stand beside the three, which they can't replace.
 */
function readContact(value: Record<string, unknown>): Contact | null {
  const vid = Number(value.vid);
  if (!Number.isSafeInteger(vid) || vid <= 0) return null;
  const lists = Array.isArray(value.listMemberships) ? value.listMemberships.map(Number) : [];
  const properties = isObject(value.properties) ? value.properties : {};
  return {
    ...properties,
    vid,
    isLoggedIn: value.isLoggedIn === true,
    listMemberships: lists.filter(Number.isSafeInteger),
  };
}

/** @returns the value of the first cookie of that name */
export function cookieOf(header: string, name: string): string | null {
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    if (at !== -1 && pair.slice(0, at).trim() === name)
      return pair
        .slice(at + 1)
        .trim()
        .replace(/^"|"$/g, '');
  }
  return null;
}

const ASK_TIMEOUT_MS = 1_000;
const KEEP_MS = 30_000;
const KEPT_ANSWERS = 10_000;
const LARGEST_ANSWER = 64 * 1024;

type Kept = { untilMs: number; answer: Promise<Contact | null> };

/** Asks by POST, at most once in half a minute for the same cookies. */
function contactAsker(parts: ContactParts & { contactUrl: string }): ContactResolver {
  const kept = new LatelyUsed<Kept>(KEPT_ANSWERS);
  return (question) => {
    const key = createHash('sha256').update(`${question.portalId} ${question.cookies}`).digest('base64');
    const found = kept.get(key);
    if (found !== undefined && found.untilMs > parts.clock()) return found.answer;
    const answer = ask(parts.contactUrl, question).catch((error: unknown) => {
      parts.onError(error);
      // Not kept: the next call asks again.
      kept.delete(key);
      return null;
    });
    kept.set(key, { untilMs: parts.clock() + KEEP_MS, answer });
    return answer;
  };
}

async function ask(url: string, { portalId, cookies }: ContactQuestion): Promise<Contact | null> {
  const answer = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
    headers: { 'content-type': 'application/json', accept: 'application/json', cookie: cookies },
    body: JSON.stringify({ portalId }),
  });
  const text = await answer.text();
  if (answer.status === 204 || answer.status === 404) return null;
  if (!answer.ok || text.length > LARGEST_ANSWER)
    throw new Error(`MILLRACE_CONTACT_URL answered ${answer.status}`);
  const value = parseObject(text);
  return value === null ? null : readContact(value);
}

function decode(part: string): string {
  return Buffer.from(part, 'base64url').toString();
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
