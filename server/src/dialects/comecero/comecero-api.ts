// The frame of the Comecero management API, a Fastify plugin for /api/v1. It authenticates, permits, reads
// the query, renders the answer and turns failures into the envelope; what a resource does is in the
// endpoints handed to it.
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { World } from '../../accounts/account.ts';
import { fail } from '../../errors/failure.ts';
import { answerFailures } from '../../http/answer-failures.ts';
import { ignoredHeader, ignoredMembers } from '../../http/ignored-members.ts';
import { watchAddresses } from '../../http/known-addresses.ts';
import { takeForms } from '../../http/read-form.ts';
import { isStorableText } from '../../http/read-input.ts';
import { readParams } from '../../http/read-params.ts';
import { takeJson } from '../../http/take-json.ts';
import { type AdmittedRoute, admitCallers, callerIfAny } from '../../tokens/admit-callers.ts';
import { bearerToken, type Tokens } from '../../tokens/bearer.ts';
import { renderComeceroFailure } from './comecero-envelope.ts';
import {
  type Answer,
  type Endpoint,
  LIMITED_LIFE_HEADERS,
  type OpenRequest,
  type Query,
  resourceUrl,
} from './endpoint.ts';
import { DIALECT } from './hosted-functions.ts';
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
    const admit = admitCallers(scope, {
      tokens: parts.tokens,
      dialect: DIALECT,
      tokenOf: presentedToken,
      missing: 'a token is needed: Authorization: Bearer <token>',
    });
    for (const endpoint of parts.endpoints)
      serve(scope, parts, { endpoint, admitted: admit(endpoint.permit) });
    addresses.refuseOtherMethods();
  };
}

type Served = { endpoint: Endpoint; admitted: AdmittedRoute };

function serve(scope: FastifyInstance, parts: ComeceroApiParts, { endpoint, admitted }: Served): void {
  scope.route({
    method: endpoint.method,
    url: endpoint.path,
    config: { permit: endpoint.permit },
    ...('bodyLimitBytes' in endpoint ? { bodyLimit: endpoint.bodyLimitBytes } : {}),
    ...admitted,
    handler: async (request, reply) => {
      const read = readRequest(request);
      if (read.caller?.kind === 'limited') reply.headers(LIMITED_LIFE_HEADERS);
      reply.headers(ignoredHeader(ignoredMembers(endpoint.takes ?? null, read.body)));
      // Before anything is done: a request that can't be granted must not leave its deed behind.
      const options = readViewOptions(read.query, await usualTimezone(parts, read));
      const answer = await answerOf(endpoint, read);
      const url = resourceUrl(parts.publicUrl, pathInApi(scope, request));
      return sendAnswer(reply, answer, { url, query: read.query, options });
    },
  });
}

function presentedToken({ headers: { authorization } }: FastifyRequest): string | null {
  if (authorization === undefined) return null;
  return (
    bearerToken(authorization) ??
    fail('unauthorized', { message: 'the Authorization header must be "Bearer" and a token' })
  );
}

function readRequest(request: FastifyRequest): OpenRequest {
  return {
    caller: callerIfAny(request),
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
