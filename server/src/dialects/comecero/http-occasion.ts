// What is kept of a call at /func/v1: the request, without the token that opened the door. Pure.
import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import type { HttpRequestFacts, Occasion } from '../../runs/occasion.ts';
import { isPlatformHeader } from './proxy-event.ts';

export function occasionOf(request: FastifyRequest, receivedAtMs: number): Occasion {
  const [path = '', query = ''] = request.url.split(/\?(.*)/s, 2);
  const body = (request.body as Buffer | undefined) ?? null;
  const isBase64 = body !== null && !isUtf8(body);
  return {
    trigger: 'http',
    source: { id: null, name: null },
    request: withoutToken({
      ...{ method: request.method, path, query, rawHeaders: request.raw.rawHeaders },
      body: body === null || body.length === 0 ? null : body.toString(isBase64 ? 'base64' : 'utf8'),
      ...{ isBase64, ip: request.ip, httpVersion: request.raw.httpVersion, receivedAtMs },
    }),
  };
}

/** Also without the headers that are ours to set. The rest stays as it was sent. */
export function withoutToken(request: HttpRequestFacts): HttpRequestFacts {
  const { query, rawHeaders } = request;
  return { ...request, query: queryWithoutToken(query), rawHeaders: withoutOurs(rawHeaders) };
}

function queryWithoutToken(query: string): string {
  // An escaped name is the same name.
  if (!/token|%/.test(query)) return query;
  const isToken = (part: string): boolean => [...new URLSearchParams(part).keys()].includes('token');
  return query
    .split('&')
    .filter((part) => !isToken(part))
    .join('&');
}

function withoutOurs(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name, value] = [rawHeaders[at] as string, rawHeaders[at + 1] as string];
    if (!isPlatformHeader(name, value, 'token')) kept.push(name, value);
  }
  return kept;
}
