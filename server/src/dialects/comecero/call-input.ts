// What is kept of a call at /func/v1: the request, without the token that opened the door. Pure.
import type { FastifyRequest } from 'fastify';
import { httpRequestFacts } from '../../doors/http-request-facts.ts';
import type { RunCause } from '../../runs/run.ts';
import type { HttpRequestFacts, RunInput } from '../../runs/run-input.ts';
import { isPlatformHeader } from './proxy-event.ts';

export type CallInput = RunInput & { request: HttpRequestFacts };

export function inputOf(request: FastifyRequest, receivedAtMs: number): CallInput {
  const source = { id: null, name: null };
  return { trigger: 'http', source, request: withoutToken(httpRequestFacts(request, receivedAtMs)) };
}

export function causeOf({ request: { method, path, ip } }: CallInput): RunCause {
  return { method, path, ip };
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
    if (!isPlatformHeader(name.toLowerCase(), value, 'token')) kept.push(name, value);
  }
  return kept;
}
