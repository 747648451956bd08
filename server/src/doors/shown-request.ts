// What a function sees of a request's head: everything that was sent, but what is the platform's own. A token
// of ours opens accounts wherever it stands, and our cookies are for us: neither is any function's, whichever
// client sent them and at which door. Pure but for reading the request. A token that its owner chose
// themselves is not distinguished from any other text. Called by the doors, before an event is made of a
// request.
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { isOwnCookie } from '../http/own-cookie.ts';
import { splitUrl } from '../http/split-url.ts';
import { isMadeToken, MADE_TOKEN_INSIDE } from '../tokens/token-format.ts';

/** What stands in the place of a token inside a longer text, such as a Referer. */
const HIDDEN = '****';

export type ShownRequest = {
  path: string;
  /** Without `?`. */
  query: string;
  rawHeaders: string[];
};

export function shownRequest(request: FastifyRequest): ShownRequest {
  const { path, query } = splitUrl(request.url);
  return { path, query: shownQuery(query), rawHeaders: shownHeaders(request.raw.rawHeaders) };
}

/** As Node has them: names in lower case, values joined. */
export function shownJoinedHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const shown: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    const left = typeof value === 'string' ? shownValue(name, value) : value;
    if (left !== null) shown[name] = left;
  }
  return shown;
}

/** @param rawHeaders names and values in turn */
function shownHeaders(rawHeaders: string[]): string[] {
  const shown: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name, value] = [rawHeaders[at] as string, rawHeaders[at + 1] as string];
    const left = shownValue(name, value);
    if (left !== null) shown.push(name, left);
  }
  return shown;
}

/** @returns null where nothing is left of the header */
function shownValue(name: string, value: string): string | null {
  if (name.length === 6 && name.toLowerCase() === 'cookie') return shownCookies(value);
  if (isBasic(value) && holdsToken(Buffer.from(value.slice(6), 'base64').toString('latin1'))) return null;
  if (!holdsToken(value)) return value;
  // With a scheme before it or without: the header is nothing but the token.
  return isMadeToken(value.trim().replace(/^[a-z]+ +/i, '')) ? null : hideTokens(value);
}

/** Asked for every header of every call: most values are distinguished by their first letter. */
function isBasic(value: string): boolean {
  const first = value.charCodeAt(0) | 0x20;
  return first === 0x62 && /^basic /i.test(value);
}

function shownCookies(value: string): string | null {
  if (!value.includes('.') && !/millrace/i.test(value)) return value;
  const pairs = value.split(';');
  const left = pairs.filter((pair) => {
    const [name = ''] = pair.split('=', 1);
    return !isOwnCookie(name.trim()) && !holdsToken(decoded(pair));
  });
  if (left.length === pairs.length) return value;
  return left.length === 0 ? null : left.join(';').trim();
}

/** Pairs that hold a token are left out, the others stay as they were sent. */
function shownQuery(query: string): string {
  // An escaped dot is a dot.
  if (!/[.%]/.test(query)) return query;
  return query
    .split('&')
    .filter((pair) => !holdsToken(decoded(pair)))
    .join('&');
}

function holdsToken(text: string): boolean {
  return (text.includes('.live.') || text.includes('.test.')) && text.search(MADE_TOKEN_INSIDE) !== -1;
}

function hideTokens(text: string): string {
  return text.replace(MADE_TOKEN_INSIDE, HIDDEN);
}

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%2e/gi, '.');
  }
}
