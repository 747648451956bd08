// Millrace's own API, a Fastify plugin for /millrace/v1: authenticates by the platform's tokens, permits, and answers in
// JSON. Lists are `{data, next}`, continued with `?after=<next>&limit=`. What a resource does is in the endpoint files.
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { World } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import { answerFailures } from '../http/answer-failures.ts';
import { renderPlainFailure } from '../http/failure-renderer.ts';
import { watchAddresses } from '../http/known-addresses.ts';
import { readParams } from '../http/read-params.ts';
import { takeJson } from '../http/take-json.ts';
import { bearerToken, callerOf, type Tokens } from '../tokens/bearer.ts';
import { type Caller, type Permit, requirePermission } from '../tokens/caller.ts';
import { openApiDocument } from './openapi.ts';

export type ApiRequest = {
  world: World;
  params: Record<string, string>;
  query: Record<string, unknown>;
  body: unknown;
  headers: IncomingHttpHeaders;
  /** Of the caller. */
  ip: string;
};

/** An answer that isn't simply 200. */
export class ApiReply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;

  constructor(status: number, headers: Record<string, string>, body: unknown) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

export type ApiEndpoint = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /millrace/v1, e.g. `/runs/:id`. */
  path: string;
  /** One line for openapi.json. */
  summary: string;
  permit: Permit;
  /** What is taken as JSON. */
  body?: z.ZodType;
  response: z.ZodType;
  /** Whether the answer is one page of a list. */
  isPaged?: true;
  /** What is sent with status 202 to a caller who prefers not to wait. */
  accepted?: z.ZodType;
  /** Of the usual answer, where it isn't 200. With 204 nothing is sent. */
  status?: 201 | 202 | 204;
  /** What is sent as JSON, unless it is an {@link ApiReply}. */
  answer(request: ApiRequest): Promise<unknown>;
};

export type MillraceApiParts = {
  tokens: Tokens;
  log: Logger;
  endpoints: readonly ApiEndpoint[];
  /** Without a trailing slash. */
  publicUrl: string;
};

/** @returns a plugin to be registered with `{ prefix: '/millrace/v1' }` */
export function millraceApi(parts: MillraceApiParts): FastifyPluginAsync {
  return async (scope) => {
    answerFailures(scope, parts.log, renderPlainFailure);
    takeJson(scope);
    const addresses = watchAddresses(scope);
    scope.decorateRequest('caller', null);
    for (const endpoint of parts.endpoints) serve(scope, parts.tokens, endpoint);
    const description = openApiDocument(parts.endpoints, parts.publicUrl);
    scope.get('/openapi.json', { exposeHeadRoute: false }, () => description);
    addresses.refuseOtherMethods();
  };
}

function serve(scope: FastifyInstance, tokens: Tokens, endpoint: ApiEndpoint): void {
  scope.route({
    method: endpoint.method,
    url: endpoint.path,
    exposeHeadRoute: false,
    // Before the body is read: a stranger doesn't get to upload.
    onRequest: async (request) => {
      const caller = await authenticate(tokens, request);
      requirePermission(caller, endpoint.permit);
      request.setDecorator('caller', caller);
    },
    handler: async (request, reply) => {
      const answer = await endpoint.answer(readRequest(request));
      return send(endpoint.status === undefined ? reply : reply.code(endpoint.status), answer);
    },
  });
}

function readRequest(request: FastifyRequest): ApiRequest {
  const { accountId, mode } = request.getDecorator<Caller>('caller');
  return {
    world: { accountId, mode },
    params: readParams(request.params),
    query: request.query as Record<string, unknown>,
    body: request.body,
    headers: request.headers,
    ip: request.ip,
  };
}

function send(reply: FastifyReply, answer: unknown): unknown {
  if (!(answer instanceof ApiReply)) return answer;
  return reply.code(answer.status).headers(answer.headers).send(answer.body);
}

function authenticate(tokens: Tokens, request: FastifyRequest): Promise<Caller> {
  const token = bearerToken(request.headers.authorization);
  if (token === null) fail('unauthorized', { message: 'a token is needed: "Authorization: Bearer <token>"' });
  return callerOf(tokens, token);
}
