// How a function's answer goes out over HTTP, for every door behind which functions answer: header lines that
// can't be forged, and the answer byte for byte. What is an answer, each door or dialect decides for itself.
import { type OutgoingHttpHeaders, validateHeaderName, validateHeaderValue } from 'node:http';
import type { FastifyReply } from 'fastify';
import { headersOnSharedHost } from './answer-headers.ts';
import { isOwnHost } from './request-host.ts';

export type AnswerHeaders = Record<string, string | string[]>;

/** What a caller over HTTP is answered. A text's content type is as given, nothing is added. */
export type HttpAnswer = { status: number; headers: AnswerHeaders; body: Buffer | string };

/** They describe the connection, not the answer: ours to set. */
const OURS = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const COOKIE = 'set-cookie';

/**
 * Of one answer. Clients and proxies take less as a rule (16 KiB: Node, 10 KB: API Gateway): this is what
 * nobody needs.
 */
const MOST_HEADER_LINES = 200;
export const MOST_HEADER_BYTES = 64 * 1024;
/** What a line has besides name and value. */
const LINE_BYTES = ': \r\n'.length;

/**
 * Sets a header that a function wants, in place of one of the same name; without values there is none. One
 * that is ours is left out.
 * @returns false where HTTP doesn't allow its name or a value: nothing is set
 */
export function putHeader(headers: AnswerHeaders, name: string, values: readonly string[]): boolean {
  const lower = name.toLowerCase();
  if (OURS.has(lower)) return true;
  try {
    validateHeaderName(name);
    for (const value of values) validateHeaderValue(name, value);
  } catch {
    return false;
  }
  const [only] = values;
  if (only === undefined) delete headers[lower];
  else headers[lower] = values.length === 1 ? only : [...values];
  return true;
}

/**
 * Sets the headers of one of a function's maps, in place of those of the same names. A null is no value.
 * Names that differ in case are one header: of cookies, which can't be joined, all count; of others the last.
 * @returns null, or what is wrong, as a sentence
 */
export function putHeaders(
  headers: AnswerHeaders,
  map: Iterable<readonly [name: string, value: unknown]>,
): string | null {
  const cookies: string[] = [];
  for (const [name, value] of map) {
    const values = textsOf(value);
    if (values === null) continue;
    const isCookie = name.toLowerCase() === COOKIE;
    if (isCookie) cookies.push(...values);
    if (!putHeader(headers, name, isCookie ? cookies : values))
      return `the header ${JSON.stringify(name.slice(0, 100))} has a name or value that HTTP does not allow`;
  }
  return null;
}

/** @returns null where there is no value */
function textsOf(value: unknown): string[] | null {
  if (value === undefined || value === null) return null;
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((one) => one !== undefined && one !== null).map(String);
}

/**
 * Of one of a function's maps, before anything is done with its members: a function that has too many has
 * half a million.
 * @returns as {@link excessOf}
 */
export function excessOfMap(map: Readonly<Record<string, unknown>>): string | null {
  let lines = 0;
  for (const name in map) {
    const value = map[name];
    if (value !== null && value !== undefined) lines += Array.isArray(value) ? value.length : 1;
  }
  return lines > MOST_HEADER_LINES ? tooManyLines(lines) : null;
}

/** @returns what is too much about the headers that a function wants, as a sentence; null: nothing is */
export function excessOf(headers: AnswerHeaders): string | null {
  let lines = 0;
  let sizeBytes = 0;
  for (const name in headers) {
    const values = headers[name] ?? [];
    const count = typeof values === 'string' ? 1 : values.length;
    lines += count;
    sizeBytes += count * (name.length + LINE_BYTES);
    if (typeof values === 'string') sizeBytes += values.length;
    else for (const value of values) sizeBytes += value.length;
  }
  if (lines > MOST_HEADER_LINES) return tooManyLines(lines);
  if (sizeBytes <= MOST_HEADER_BYTES) return null;
  return `the response's headers take ${sizeBytes} bytes, ${MOST_HEADER_BYTES} at most`;
}

function tooManyLines(lines: number): string {
  return `the response has ${lines} header lines, ${MOST_HEADER_LINES} at most`;
}

export type Answering = {
  /** Whose function it was. */
  accountId: string;
  /** They win over the function's. */
  ours: AnswerHeaders;
};

/**
 * Past Fastify, which would add a charset to the function's own Content-Type and answer HEAD its own way. A
 * text is handed over as text: head and body then leave in one write.
 */
export function sendAnswer(reply: FastifyReply, answer: HttpAnswer, { accountId, ours }: Answering): void {
  const hasNoBody = answer.status === 204 || answer.status === 304;
  const given = isOwnHost(reply.request, accountId) ? answer.headers : headersOnSharedHost(answer.headers);
  const headers: OutgoingHttpHeaders = { ...given, ...ours };
  if (!hasNoBody) headers['content-length'] = Buffer.byteLength(answer.body);
  reply.hijack();
  reply.raw.writeHead(answer.status, headers);
  reply.raw.end(hasNoBody || reply.request.method === 'HEAD' ? undefined : bodyBeside(headers, answer.body));
}

const BEYOND_ASCII = /[^\0-\x7f]/;

/**
 * Node writes the head in the encoding of a text that follows it: header bytes would be others with a body
 * than without one.
 */
function bodyBeside(headers: OutgoingHttpHeaders, body: string | Buffer): string | Buffer {
  if (typeof body !== 'string') return body;
  for (const values of Object.values(headers)) {
    if (BEYOND_ASCII.test(String(values))) return Buffer.from(body);
  }
  return body;
}
