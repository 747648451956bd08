// The door of web sites: /_hcms/api/<path> and /hs/serverless/<path>, on any host, without a token. Who is
// meant, which endpoint, whether there is time left of the minute: all before the body is read. Then the run;
// what the function responds is the answer. What is decided on the way is in files of its own:
// site-directory, endpoint-path, cors, endpoint-limits; event and response: hubspot-adapter.
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { httpRequestFacts } from '../../../doors/http-request-facts.ts';
import { shownJoinedHeaders } from '../../../doors/shown-request.ts';
import { fail } from '../../../errors/failure.ts';
import { answerFailures } from '../../../http/answer-failures.ts';
import { takeAnyContentType } from '../../../http/any-content-type.ts';
import { sendAnswer } from '../../../http/http-answer.ts';
import { limitBody } from '../../../http/limit-body.ts';
import { hostOf } from '../../../http/request-host.ts';
import { setOwner } from '../../../http/request-owner.ts';
import { requireDialect, requireServed } from '../../../http/served-accounts.ts';
import { splitUrl } from '../../../http/split-url.ts';
import type { PayloadLimitOf } from '../../../limits/payload-limit.ts';
import { answerOf, type CallFunction, type CallResult } from '../../../runs/call-function.ts';
import type { HttpRequestFacts } from '../../../runs/run-input.ts';
import type { Threads } from '../../../threads/thread-pool.ts';
import type { Endpoint } from '../catalog/endpoint.ts';
import { allowedMethods, ENDPOINT_PREFIXES, endpointOf, endpointPathOf } from '../catalog/endpoint-path.ts';
import type { Site, SiteDirectory, SiteQuestion } from '../catalog/site-directory.ts';
import { DIALECT } from '../folders/folder-deployer.ts';
import type { ContactResolver } from './contact.ts';
import { type CorsHeaders, corsHeaders, preflightHeaders, withCors } from './cors.ts';
import type { ContextLimits } from './endpoint-context.ts';
import type { EndpointDirectory } from './endpoint-directory.ts';
import { renderEndpointFailure } from './endpoint-failure.ts';
import { budgetOf, contextLimits, type EndpointLimits, requireBudget } from './endpoint-limits.ts';
import { createSiteCallAdapter, type SiteCall } from './hubspot-adapter.ts';
import { readLargeBody } from './read-large-body.ts';
import type { Spending } from './site-budget.ts';

export type DoorParts = {
  sites: SiteDirectory;
  endpoints: EndpointDirectory;
  invoke: CallFunction;
  /**
   * Refuses a call whose account has as many runs going on as it may, before its body is read. @throws
   * Failure `too_many_runs`
   */
  requireRoom(accountId: string): void;
  threads: Threads;
  contactOf: ContactResolver;
  limits: EndpointLimits;
  /** MILLRACE_CORS_ORIGINS */
  corsOrigins: readonly string[];
  /** Largest request body. */
  bodyLimitBytes: number;
  /** Of an account's own. */
  payloadLimitOf: PayloadLimitOf;
  /** Unix time in ms. */
  clock(): number;
  log: Logger;
};

/** Its envelope also serves requests so malformed that no route is found for them. */
export const ENDPOINT_ENVELOPES = ENDPOINT_PREFIXES.map((prefix) => ({
  prefix,
  render: renderEndpointFailure,
}));

type Target = { site: Site; endpoint: Endpoint };

/** Of a preflight for a path whose methods aren't known: the request that follows gets what is wrong. */
const ANY_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

export function endpointDoor(parts: DoorParts): FastifyPluginAsync {
  return async (scope) => {
    for (const prefix of ENDPOINT_PREFIXES) {
      await scope.register(async (door) => openDoor(door, parts), { prefix });
    }
  };
}

function openDoor(scope: FastifyInstance, parts: DoorParts): void {
  answerFailures(scope, parts.log, renderEndpointFailure);
  takeAnyContentType(scope, 'buffer');
  scope.decorateRequest('target', null);
  scope.route({
    method: scope.supportedMethods.filter((method) => method !== 'CONNECT'),
    url: '/*',
    exposeHeadRoute: false,
    bodyLimit: parts.bodyLimitBytes,
    preParsing: limitBody((request) =>
      parts.payloadLimitOf(request.getDecorator<Target>('target').site.accountId),
    ),
    onRequest: async (request, reply) => {
      reply.headers(corsHeaders(parts.corsOrigins, originOf(request)));
      const target = await admit(parts, request, reply);
      if (target === null) return reply;
      request.setDecorator('target', target);
      setOwner(request, target.site.accountId);
      parts.requireRoom(target.site.accountId);
    },
    handler: async (request, reply) => {
      const target = request.getDecorator<Target>('target');
      const answer = await run(parts, target, request);
      const cors = corsHeaders(parts.corsOrigins, originOf(request));
      send(reply, answer, { accountId: target.site.accountId, cors });
    },
  });
}

/** @returns null for a preflight, which has been answered */
async function admit(parts: DoorParts, request: FastifyRequest, reply: FastifyReply): Promise<Target | null> {
  const { path: pathname, query } = splitUrl(request.url);
  const path = endpointPathOf(pathname);
  const site = path === null ? null : await parts.sites.find(siteQuestion(request, query));
  const match = site === null ? null : await parts.endpoints.find(site, path ?? '', request.method);
  if (match?.kind === 'found' && site !== null) {
    requireServed(request, site.accountId);
    requireDialect(request, site.accountId, DIALECT);
    requireBudget(parts.limits, site.accountId, parts.clock());
    return { site, endpoint: match.endpoint };
  }
  const methods = allowedMethods(match?.kind === 'other_methods' ? match.methods : ANY_METHODS);
  if (request.method === 'OPTIONS') {
    await reply
      .code(204)
      .headers(preflight(parts, request, methods))
      .send();
    return null;
  }
  if (site === null && path !== null) {
    fail('not_found', { message: 'no account is known by this host: name one, as ?portalid=<account id>' });
  }
  if (path === null) fail('not_found', { message: 'this address can not be an endpoint’s' });
  if (match?.kind !== 'other_methods') fail('not_found', { message: `there is no endpoint ${path}` });
  reply.header('allow', methods);
  return fail('method_not_allowed', { message: `${request.method} is not served here, only ${methods}` });
}

function siteQuestion(request: FastifyRequest, query: string): SiteQuestion {
  let portal: string | null = null;
  for (const [name, value] of new URLSearchParams(query)) {
    if (name.toLowerCase() === 'portalid' && value !== '') portal ??= value;
  }
  return { host: hostOf(request), portal };
}

function preflight(parts: DoorParts, request: FastifyRequest, methods: string): CorsHeaders {
  return preflightHeaders(
    parts.corsOrigins,
    {
      origin: originOf(request),
      requestHeaders: textOf(request.headers['access-control-request-headers']),
      requestsPrivateNetwork: request.headers['access-control-request-private-network'] === 'true',
    },
    methods,
  );
}

async function run(parts: DoorParts, target: Target, request: FastifyRequest): Promise<CallResult> {
  const { site, endpoint } = target;
  const facts = httpRequestFacts(request, parts.clock());
  const call = await readCall(parts, site, { request, facts });
  const counted = countedRun(parts, site.accountId);
  const limitsNow = (): ContextLimits => {
    counted.begin();
    return contextLimits(budgetOf(parts.limits, site.accountId, parts.clock()), parts.limits.timeoutMs);
  };
  try {
    return await parts.invoke({
      world: site,
      functionId: endpoint.functionId,
      input: { trigger: 'http', source: { id: null, name: null }, request: facts },
      cause: { method: facts.method, path: facts.path.slice(0, 500), ip: facts.ip },
      adapter: createSiteCallAdapter({ call, secretNames: endpoint.secretNames, limitsNow }),
    });
  } finally {
    counted.end();
  }
}

async function readCall(
  parts: DoorParts,
  { accountId, portalId }: Site,
  { request, facts }: { request: FastifyRequest; facts: HttpRequestFacts },
): Promise<SiteCall['call']> {
  const contentType = textOf(request.headers['content-type']);
  const { path, query } = facts;
  const cookies = request.headers.cookie ?? '';
  const bytes = (request.body as Buffer | undefined) ?? null;
  return {
    portalId,
    method: facts.method,
    endpoint: endpointOf(query === splitUrl(request.url).query ? request.url : `${path}?${query}`),
    query,
    headers: shownJoinedHeaders(request.headers),
    clientIp: facts.ip,
    body: await readLargeBody(parts.threads, accountId, { bytes, contentType }),
    contact: await parts.contactOf({ portalId, cookies }),
  };
}

/** Counted from when the function gets the call: what it waited for an instance is not its time. */
function countedRun(parts: DoorParts, accountId: string): { begin(): void; end(): void } {
  const { budget } = parts.limits;
  let spending: Spending | null = null;
  return {
    begin: () => {
      spending = budget.begin(accountId, parts.clock());
    },
    end: () => {
      if (spending !== null) budget.end(spending, parts.clock());
    },
  };
}

type Sending = { accountId: string; cors: CorsHeaders };

function send(reply: FastifyReply, result: CallResult, { accountId, cors }: Sending): void {
  const { runId } = result;
  const answer = answerOf(result);
  const headers = withCors(answer.headers, cors);
  const ours = { 'x-run-id': runId, 'x-hubspot-correlation-id': runId };
  sendAnswer(reply, { ...answer, headers }, { accountId, ours });
}

function originOf(request: FastifyRequest): string | null {
  return textOf(request.headers.origin);
}

function textOf(header: string | string[] | undefined): string | null {
  const text = [header].flat()[0];
  return text === undefined || text === '' ? null : text;
}
