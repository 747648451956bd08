// How a function's answer goes out over HTTP, for every door behind which functions answer: header lines that can't be forged, and the
// answer byte for byte. What is an answer, each door or dialect decides for itself.
import { type OutgoingHttpHeaders, validateHeaderName, validateHeaderValue } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { HttpAnswer } from '../runs/run-adapter.ts';

export type AnswerHeaders = HttpAnswer['headers'];

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

/**
 * Sets a header that a function wants, in place of one of the same name; without values there is none. One that is ours is left out.
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
 * Past Fastify, which would add a charset to the function's own Content-Type and answer HEAD its own way. A text is handed over as
 * text: head and body then leave in one write.
 * @param ours headers that win over the function's
 */
export function sendAnswer(reply: FastifyReply, answer: HttpAnswer, ours: AnswerHeaders): void {
  const hasNoBody = answer.status === 204 || answer.status === 304;
  const headers: OutgoingHttpHeaders = { ...answer.headers, ...ours };
  if (!hasNoBody) headers['content-length'] = Buffer.byteLength(answer.body);
  reply.hijack();
  reply.raw.writeHead(answer.status, headers);
  reply.raw.end(hasNoBody || reply.request.method === 'HEAD' ? undefined : answer.body);
}
