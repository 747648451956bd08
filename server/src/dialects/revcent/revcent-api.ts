// The frame of API v2, a Fastify plugin for /v2: authenticates by `x-api-key`, permits, reads the body as
// text, wraps the answer in the envelope. What a resource does is in the endpoints handed to it
// (docs/specs/revcent.md section 8).
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest, preParsingHookHandler } from 'fastify';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { World } from '../../accounts/account.ts';
import { fail } from '../../errors/failure.ts';
import { answerFailures } from '../../http/answer-failures.ts';
import { takeAnyContentType } from '../../http/any-content-type.ts';
import { CHANGES_NOTHING, REPORTS_WORK } from '../../http/hold-answers.ts';
import { ignoredHeader, ignoredMembers } from '../../http/ignored-members.ts';
import { PAYLOAD_BOUNDS } from '../../http/json-bounds.ts';
import { watchAddresses } from '../../http/known-addresses.ts';
import { limitBody } from '../../http/limit-body.ts';
import { isStorableText } from '../../http/read-input.ts';
import { readParams } from '../../http/read-params.ts';
import { readJsonText } from '../../http/take-json.ts';
import type { PayloadLimitOf } from '../../limits/payload-limit.ts';
import { type AdmittedRoute, admitCallers, callerIn } from '../../tokens/admit-callers.ts';
import { bearerToken, type Tokens } from '../../tokens/bearer.ts';
import type { Permit } from '../../tokens/caller.ts';
import { DIALECT } from './function-packages.ts';
import { listed, newApiCall, renderRevcentFailure, succeeded } from './revcent-envelope.ts';

export type RevcentRequest = {
  world: World;
  params: Record<string, string>;
  query: Record<string, unknown>;
  /** As it was sent; the file itself for an import. */
  text: string;
  /** The text read as JSON. @throws Failure `invalid_json` */
  body(): unknown;
};

type Json = Record<string, unknown>;
/** `ignored`: members that a body had besides what is read, where the endpoint itself knows. */
export type RevcentAnswer = { body: Json; ignored?: readonly string[] } | { page: number; results: Json[] };

export type RevcentEndpoint = {
  method: 'GET' | 'POST';
  /** Below /v2. */
  path: string;
  permit: Permit | readonly Permit[];
  /** What is read of the body; members beside it are reported as ignored. Absent: nothing is read. */
  takes?: z.ZodType;
  /** Where it takes more than others do. */
  bodyLimitBytes?: number;
  /** Whether the body is for a function: the account's limit holds. */
  takesPayload?: true;
  /** Whether it is read to learn that work has ended: what it reports holds for the next call. */
  reportsWork?: true;
  answer(request: RevcentRequest): Promise<RevcentAnswer>;
};

export type RevcentApiParts = {
  tokens: Tokens;
  log: Logger;
  endpoints: readonly RevcentEndpoint[];
  bodyLimitBytes: number;
  payloadLimitOf: PayloadLimitOf;
  /** Unix time in ms. */
  clock(): number;
};

/** @returns a plugin to be registered with `{ prefix: '/v2' }` */
export function revcentApi(parts: RevcentApiParts): FastifyPluginAsync {
  return async (scope) => {
    answerFailures(scope, parts.log, renderRevcentFailure);
    // Import files come as they are, comments and all.
    takeAnyContentType(scope, 'string');
    const addresses = watchAddresses(scope);
    const admit = admitCallers(scope, {
      tokens: parts.tokens,
      dialect: DIALECT,
      tokenOf: presentedKey,
      missing: 'an API key is needed, in the header x-api-key',
    });
    for (const endpoint of parts.endpoints)
      serve(scope, parts, { endpoint, admitted: admit(endpoint.permit) });
    addresses.refuseOtherMethods();
  };
}

type Served = { endpoint: RevcentEndpoint; admitted: AdmittedRoute };

function serve(scope: FastifyInstance, parts: RevcentApiParts, { endpoint, admitted }: Served): void {
  scope.route({
    method: endpoint.method,
    url: endpoint.path,
    config: {
      permit: endpoint.permit,
      ...(endpoint.takesPayload === true ? { jsonBounds: PAYLOAD_BOUNDS, ...CHANGES_NOTHING } : {}),
      ...(endpoint.reportsWork === true ? REPORTS_WORK : {}),
    },
    exposeHeadRoute: false,
    bodyLimit: endpoint.bodyLimitBytes ?? parts.bodyLimitBytes,
    ...admitted,
    ...(endpoint.takesPayload === true ? { preParsing: payloadLimit(parts) } : {}),
    handler: async (request, reply) => {
      const call = newApiCall(parts.clock());
      const setIgnored = (names: readonly string[]): unknown => reply.headers(ignoredHeader(names));
      const answer = await endpoint.answer(
        readRequest(request, (body) => setIgnored(ignoredMembers(endpoint.takes ?? null, body))),
      );
      if ('ignored' in answer && answer.ignored !== undefined) setIgnored(answer.ignored);
      return 'results' in answer ? listed(call, answer.page, answer.results) : succeeded(call, answer.body);
    },
  });
}

function payloadLimit({ payloadLimitOf }: RevcentApiParts): preParsingHookHandler {
  return limitBody((request) => payloadLimitOf(callerIn(request).accountId));
}

function presentedKey({ headers }: FastifyRequest): string | null {
  const key = headers['x-api-key'];
  return typeof key === 'string' && key !== '' ? key : bearerToken(headers.authorization);
}

function readRequest(request: FastifyRequest, onBody: (body: unknown) => void): RevcentRequest {
  const { accountId, mode } = callerIn(request);
  const text = typeof request.body === 'string' ? request.body : '';
  if (!isStorableText(text)) {
    fail('invalid_input', { message: 'the request body must not contain NUL or broken characters' });
  }
  return {
    world: { accountId, mode },
    params: readParams(request.params),
    query: request.query as Record<string, unknown>,
    text,
    body: () => {
      const body = readJsonText(text, request.routeOptions.config.jsonBounds);
      onBody(body);
      return body;
    },
  };
}
