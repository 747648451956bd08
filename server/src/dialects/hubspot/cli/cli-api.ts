// The frame of everything that HubSpot's CLI calls, a Fastify plugin per folder of addresses. It finds the
// caller (`Authorization` or `hapikey`), permits, and renders answers and failures; what an address does is
// in the endpoints handed to it.
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { fail } from '../../../errors/failure.ts';
import { answerFailures } from '../../../http/answer-failures.ts';
import { REPORTS_WORK } from '../../../http/hold-answers.ts';
import { ignoredHeader, ignoredMembers } from '../../../http/ignored-members.ts';
import { watchAddresses } from '../../../http/known-addresses.ts';
import { takeForms } from '../../../http/read-form.ts';
import { isStorableText } from '../../../http/read-input.ts';
import { takeJson } from '../../../http/take-json.ts';
import {
  type AdmittedRoute,
  admitCallers,
  callerIn,
  OPEN_BODY_BYTES,
} from '../../../tokens/admit-callers.ts';
import { bearerToken, type Tokens } from '../../../tokens/bearer.ts';
import { DIALECT } from '../folders/folder-deployer.ts';
import type { CliAnswer, CliEndpoint, OpenCliRequest } from '../frame/cli-endpoint.ts';
import { renderCliFailure } from '../frame/cli-envelope.ts';
import { wrongKeyWords } from '../frame/foreign-key.ts';

export type CliApiParts = {
  tokens: Tokens;
  log: Logger;
  /** All of one prefix. */
  endpoints: readonly CliEndpoint[];
};

/** @returns a plugin to be registered with the endpoints' prefix */
export function cliApi(parts: CliApiParts): FastifyPluginAsync {
  return async (scope) => {
    answerFailures(scope, parts.log, renderCliFailure);
    takeJson(scope);
    takeForms(scope);
    const addresses = watchAddresses(scope);
    const admit = admitCallers(scope, {
      tokens: parts.tokens,
      dialect: DIALECT,
      tokenOf: presentedToken,
      missing: 'a token is needed: Authorization: Bearer <token>, or ?hapikey=',
      wrong: wrongKeyWords,
    });
    for (const endpoint of parts.endpoints) {
      // The CLI shows an old token along with the key that it exchanges for a new one: where anyone may call,
      // none is looked at.
      const isOpen = endpoint.permit === 'anyone';
      serve(scope, endpoint, isOpen ? { bodyLimit: OPEN_BODY_BYTES } : admit(endpoint.permit));
    }
    addresses.refuseOtherMethods();
  };
}

function serve(scope: FastifyInstance, endpoint: CliEndpoint, admitted: Partial<AdmittedRoute>): void {
  scope.route({
    method: endpoint.method,
    url: endpoint.path,
    // What the CLI reads again and again is how far a build or a deploy is.
    config: { permit: endpoint.permit, ...REPORTS_WORK },
    ...(endpoint.bodyLimitBytes === undefined ? {} : { bodyLimit: endpoint.bodyLimitBytes }),
    ...admitted,
    handler: async (request, reply) => {
      reply.headers(ignoredHeader(ignoredMembers(endpoint.takes ?? null, request.body)));
      return sendAnswer(reply, await answerOf(endpoint, request));
    },
  });
}

async function answerOf(endpoint: CliEndpoint, request: FastifyRequest): Promise<CliAnswer> {
  const read = readRequest(request);
  if (endpoint.permit === 'anyone') return await endpoint.answerAnyone(read);
  const caller = callerIn(request);
  return await endpoint.answer({
    ...read,
    caller,
    world: { accountId: caller.accountId, mode: caller.mode },
  });
}

/** Of `Authorization: Bearer`, or of the query where a client was set up with an API key. */
function presentedToken(request: FastifyRequest): string | null {
  const header = request.headers.authorization;
  if (header !== undefined) {
    return (
      bearerToken(header) ??
      fail('unauthorized', { message: 'the Authorization header must be "Bearer" and a token' })
    );
  }
  const { hapikey } = request.query as Record<string, unknown>;
  return typeof hapikey === 'string' && hapikey !== '' ? hapikey : null;
}

function readRequest(request: FastifyRequest): OpenCliRequest {
  const { '*': rest = '', ...params } = request.params as Record<string, string>;
  for (const [name, value] of Object.entries({ ...params, rest })) requireText(name, value);
  return { params, rest, query: readQuery(request.query), body: request.body, http: request };
}

/** Old clients send all their own options along, some of them more than once. */
function readQuery(raw: unknown): Record<string, string> {
  const query = Object.create(null) as Record<string, string>;
  for (const [name, given] of Object.entries(raw as Record<string, unknown>)) {
    const [value = ''] = [given].flat();
    if (typeof value === 'string' && isStorableText(value)) query[name] = value;
  }
  return query;
}

function requireText(name: string, value: string): void {
  if (!isStorableText(value)) fail('invalid_input', { message: `${name} in the address is not valid text` });
}

function sendAnswer(reply: FastifyReply, answer: CliAnswer): FastifyReply {
  switch (answer.kind) {
    case 'nothing':
      return reply.code(204).send();
    case 'json':
      return reply.code(answer.status).send(answer.body);
    case 'text':
      return reply.code(answer.status).type('text/plain; charset=utf-8').send(answer.text);
    case 'bytes':
      return reply.code(200).headers(answer.headers).type('application/octet-stream').send(answer.bytes);
  }
}
