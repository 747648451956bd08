// What is kept of a request for a function: method, address, headers as they were spelled but for what is
// ours (shown-request.ts), the body byte for byte.
// Pure. Called by the doors here and those of dialects.
import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import { clientAddress } from '../http/client-address.ts';
import type { HttpRequestFacts } from '../runs/run-input.ts';
import { shownRequest } from './shown-request.ts';

export function bytesOf(request: FastifyRequest): Buffer {
  return (request.body as Buffer | undefined) ?? Buffer.alloc(0);
}

export function httpRequestFacts(request: FastifyRequest, receivedAtMs: number): HttpRequestFacts {
  const body = bytesOf(request);
  const isText = isUtf8(body);
  return {
    method: request.method,
    ...shownRequest(request),
    body: body.length === 0 ? null : body.toString(isText ? 'utf8' : 'base64'),
    isBase64: !isText,
    ip: clientAddress(request),
    httpVersion: request.raw.httpVersion,
    receivedAtMs,
  };
}
