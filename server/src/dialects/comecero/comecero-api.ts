// The frame of the Comecero management API, a Fastify plugin for /api/v1. It authenticates, permits, reads the query,
// renders the answer and turns failures into the envelope; what a resource does is in the endpoints handed to it.
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { World } from '../../accounts/account.ts';
import { fail } from '../../errors/failure.ts';
import { answerFailures } from '../../http/answer-failures.ts';
import { watchAddresses } from '../../http/known-addresses.ts';
import { takeForms } from '../../http/read-form.ts';
import { isStorableText } from '../../http/read-input.ts';
import { readParams } from '../../http/read-params.ts';
import { takeJson } from '../../http/take-json.ts';
import { bearerToken, callerOf, type Tokens } from '../../tokens/bearer.ts';
import { type Caller, requirePermission } from '../../tokens/caller.ts';
import { renderComeceroFailure } from './comecero-envelope.ts';
import {
  type Answer,
  type Endpoint,
  LIMITED_LIFE_HEADERS,
  type OpenRequest,
  type Query,
  resourceUrl,
} from './endpoint.ts';
import { listEnvelope, pageEnvelope } from './list-query.ts';
import { readViewOptions, renderView, type ViewOptions } from './resource-view.ts';

export type ComeceroApiParts = {
  tokens: Tokens;
  /** How the outside reaches the platform, without a trailing slash. */
  publicUrl: string;
  log: Logger;
  endpoints: readonly Endpoint[];
  /** Of the dates in answers, where a request names none. */
  timeZoneOf(world: World): Promise<string>;
};

/** @returns a plugin to be registered with `{ prefix: '/api/v1' }` */
export function comeceroApi(parts: ComeceroApiParts): FastifyPluginAsync {
  return async (scope) => {
    answerFailures(scope, parts.log, renderComeceroFailure);
    takeJson(scope);
    takeForms(scope);
    const addresses = watchAddresses(scope);
    scope.decorateRequest('caller', null);
    for (const endpoint of parts.endpoints) serve(scope, parts, endpoint);
    addresses.refuseOtherMethods();
  };
}

function serve(scope: FastifyInstance, parts: ComeceroApiParts, endpoint: Endpoint): void {
  scope.route({
    method: endpoint.method,
    url: endpoint.path,
    ...('bodyLimitBytes' in endpoint ? { bodyLimit: endpoint.bodyLimitBytes } : {}),
    // Before the body is read: a stranger doesn't get to upload.
    onRequest: async (request, reply) => {
      const caller = await authenticate(parts, request);
      admit(endpoint, caller);
      if (caller?.kind === 'limited') reply.headers(LIMITED_LIFE_HEADERS);
      request.setDecorator('caller', caller);
    },
    handler: async (request, reply) => {
      const read = readRequest(request);
      // Before anything is done: a wish that can't be granted must not leave its deed behind.
      const options = readViewOptions(read.query, await usualTimezone(parts, read));
      const answer = await answerOf(endpoint, read);
      const url = resourceUrl(parts.publicUrl, pathInApi(scope, request));
      return sendAnswer(reply, answer, { url, query: read.query, options });
    },
  });
}

/** @returns the caller, or null where no token was sent */
async function authenticate(parts: ComeceroApiParts, request: FastifyRequest): Promise<Caller | null> {
  const header = request.headers.authorization;
  if (header === undefined) return null;
  const token = bearerToken(header);
  if (token === null) {
    fail('unauthorized', { message: 'the Authorization header must be "Bearer" and a token' });
  }
  return await callerOf(parts.tokens, token, request);
}

function admit(endpoint: Endpoint, caller: Caller | null): void {
  if (endpoint.permit === 'anyone') return;
  if (caller === null) fail('unauthorized', { message: 'a token is needed: Authorization: Bearer <token>' });
  if (endpoint.permit !== 'any_token') requirePermission(caller, endpoint.permit);
}

function readRequest(request: FastifyRequest): OpenRequest {
  return {
    caller: request.getDecorator<Caller | null>('caller'),
    params: readParams(request.params),
    query: readQuery(request.query as Record<string, unknown>),
    body: request.body,
    http: request,
  };
}

async function usualTimezone(
  { timeZoneOf }: ComeceroApiParts,
  { caller, query }: OpenRequest,
): Promise<string> {
  return caller === null || query.timezone ? 'UTC' : await timeZoneOf(caller);
}

async function answerOf(endpoint: Endpoint, request: OpenRequest): Promise<Answer> {
  if (endpoint.permit === 'anyone') return await endpoint.answerAnyone(request);
  const { caller } = request;
  if (caller === null) throw new Error(`${endpoint.path} was reached without a caller`);
  return await endpoint.answer({
    ...request,
    caller,
    world: { accountId: caller.accountId, mode: caller.mode },
  });
}

function readQuery(raw: Record<string, unknown>): Query {
  const query: Record<string, string> = {};
  for (const [name, given] of Object.entries(raw)) {
    // The console repeats a parameter now and then, with the same value.
    const values = new Set(Array.isArray(given) ? given.map(String) : [String(given)]);
    if (values.size > 1) {
      fail('invalid_input', { message: `${name} was given more than once in the query`, field: name });
    }
    const [value = ''] = values;
    if (!isStorableText(value) || !isStorableText(name)) {
      fail('invalid_input', { message: `${name} in the query is not valid text`, field: name });
    }
    Object.defineProperty(query, name, { value, enumerable: true });
  }
  return query;
}

/** The request's path below the API's prefix. */
function pathInApi(scope: FastifyInstance, request: FastifyRequest): string {
  const path = request.url.split('?', 1)[0] ?? '';
  return path.slice(scope.prefix.length);
}

/** @param asked the list's own address, and how it was asked for */
function sendAnswer(
  reply: FastifyReply,
  answer: Answer,
  asked: { url: string; query: Query; options: ViewOptions },
): FastifyReply {
  if (answer.kind === 'nothing') return reply.code(204).send();
  if (answer.kind === 'resource') {
    return reply.code(answer.status).headers(answer.headers).send(renderView(answer.view, asked.options));
  }
  const data = answer.views.map((view) => renderView(view, asked.options));
  if (answer.kind === 'page') return reply.send(pageEnvelope(data, answer.items, asked.url, asked.query));
  const page = { limit: answer.query.limit, offset: answer.query.offset, totalItems: answer.totalItems };
  return reply.send(listEnvelope(data, page, asked.url, asked.query));
}
