// How a scope reads bodies: as JSON, and nothing else, within the bounds of json-bounds.ts. An empty body has
// no type to refuse: clients add one to bare requests by themselves. Every scope whose bodies are JSON calls
// it once.
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail } from '../errors/failure.ts';
import { takeTurn } from './heavy-turns.ts';
import { type JsonBounds, jsonProblem, ORDINARY_BOUNDS } from './json-bounds.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of the route's bodies, where they are not the ordinary ones. */
    jsonBounds?: JsonBounds;
  }
}

/** Lets the scope's routes take JSON; an empty body is `undefined`, whatever its type. */
export function takeJson(scope: FastifyInstance): void {
  scope.removeContentTypeParser(['application/json', 'text/plain']);
  scope.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      refuseEncoded(request);
      await takeTurn(request, body.length);
      return readJsonBody(body, request.routeOptions.config.jsonBounds);
    },
  );
  scope.addContentTypeParser('*', (_: FastifyRequest, payload: IncomingMessage) => refuseOtherTypes(payload));
}

/** Of a body that is no JSON: only an empty one is let through. @throws Failure `unsupported_media_type` */
export async function refuseOtherTypes(payload: IncomingMessage): Promise<undefined> {
  if (await isEmpty(payload)) return undefined;
  return fail('unsupported_media_type', {
    message: 'the Content-Type of the request body is not accepted here: send application/json',
  });
}

/**
 * As {@link readJsonBody}, of a text.
 * @throws Failure `invalid_json`, `invalid_input`
 */
export function readJsonText(text: string, bounds?: JsonBounds): unknown {
  return readJsonBody(Buffer.from(text), bounds);
}

/**
 * Counts before it parses.
 * @throws Failure `invalid_json`, or `invalid_input` for what is too deep or too much
 */
function readJsonBody(body: Buffer, bounds: JsonBounds = ORDINARY_BOUNDS): unknown {
  const text = readUtf8(body);
  const problem = jsonProblem(body, bounds);
  if (problem !== null)
    fail('invalid_input', { message: `the request body ${problem}`, facts: { ...bounds } });
  return parseJsonBody(text);
}

function refuseEncoded({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (/^identity$/i.test(encoding)) return;
  fail('unsupported_media_type', {
    message: `a body is taken as it is, not with a Content-Encoding of ${encoding}`,
  });
}

/**
 * Bytes that are no UTF-8 would be kept as other text than was sent.
 * @throws Failure `invalid_json`
 */
export function readUtf8(body: Buffer): string {
  if (isUtf8(body)) return body.toString();
  return fail('invalid_json', { message: 'the request body must be valid JSON, in UTF-8' });
}

/**
 * @returns what the text says; undefined where there is none
 * @throws Failure `invalid_json`, or `invalid_input` for a name that could change what objects are made of
 */
export function parseJsonBody(text: string): unknown {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (json === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    fail('invalid_json', { message: 'the request body must be valid JSON', cause });
  }
  // Such a name can only be written as itself or with an escape.
  if (/__proto__|constructor|\\u/.test(json)) refuseTreacherousNames(value);
  return value;
}

/** Names by which a merge of objects reaches the prototype of all others. */
function refuseTreacherousNames(root: unknown): void {
  const ahead: unknown[] = [root];
  for (let value = ahead.pop(); value !== undefined; value = ahead.pop()) {
    if (value === null || typeof value !== 'object') continue;
    if (Object.hasOwn(value, '__proto__')) refuseName('__proto__');
    if (Object.hasOwn(value, 'constructor') && hasPrototype(value)) refuseName('constructor.prototype');
    for (const inner of Object.values(value)) if (inner !== undefined) ahead.push(inner);
  }
}

function hasPrototype(value: object): boolean {
  const { constructor: inner } = value as { constructor: unknown };
  return inner !== null && typeof inner === 'object' && Object.hasOwn(inner, 'prototype');
}

function refuseName(name: string): never {
  return fail('invalid_input', {
    message: `the request body: must not have a field named ${name}`,
    field: name,
  });
}

/** Reads no further than the first byte. */
async function isEmpty(payload: IncomingMessage): Promise<boolean> {
  for await (const _chunk of payload.iterator({ destroyOnReturn: false })) return false;
  return true;
}
