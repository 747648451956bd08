// What is kept of a request that came to one of the doors: method, address, headers as they were spelled, the body byte for byte.
// Pure but for the clock. Called by webhook-door.ts and function-url-door.ts.
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { clientAddress } from '../http/client-address.ts';
import type { HttpRequestFacts } from '../runs/occasion.ts';

/** Whatever its type says, a body is bytes to a door. */
export function takeBytes(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

export function bytesOf(request: FastifyRequest): Buffer {
  return (request.body as Buffer | undefined) ?? Buffer.alloc(0);
}

export function httpRequestFacts(request: FastifyRequest, receivedAtMs: number): HttpRequestFacts {
  const body = bytesOf(request);
  const isText = isUtf8(body);
  const at = request.url.indexOf('?');
  return {
    method: request.method,
    path: at === -1 ? request.url : request.url.slice(0, at),
    query: at === -1 ? '' : request.url.slice(at + 1),
    rawHeaders: request.raw.rawHeaders,
    body: body.length === 0 ? null : body.toString(isText ? 'utf8' : 'base64'),
    isBase64: !isText,
    ip: clientAddress(request),
    httpVersion: request.raw.httpVersion,
    receivedAtMs,
  };
}
