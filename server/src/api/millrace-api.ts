// Millrace's own API, a Fastify plugin for /millrace/v1: authenticates by the platform's tokens, permits, and
// answers in JSON. Lists are `{data, next}`, continued with `?after=<next>&limit=`. What a resource does is
// in the endpoint files.
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { World } from '../accounts/account.ts';
import { answerFailures } from '../http/answer-failures.ts';
import { renderPlainFailure } from '../http/failure-renderer.ts';
import { CHANGES_NOTHING, REPORTS_WORK } from '../http/hold-answers.ts';
import { objectRule } from '../http/input-rule.ts';
import { PAYLOAD_BOUNDS } from '../http/json-bounds.ts';
import { watchAddresses } from '../http/known-addresses.ts';
import { limitBody } from '../http/limit-body.ts';
import { detailChange, NOTES_ITSELF } from '../http/note-changes.ts';
import { readInput } from '../http/read-input.ts';
import { readParams } from '../http/read-params.ts';
import { hostOf } from '../http/request-host.ts';
import { takeJson } from '../http/take-json.ts';
import { isUpload, mostBytesOf, readUpload, takeUploads, type UploadedFile } from '../http/take-uploads.ts';
import type { PayloadLimitOf } from '../limits/payload-limit.ts';
import type { UploadGate } from '../limits/upload-gate.ts';
import {
  type AdmittedRoute,
  admitCallers,
  callerIn,
  isStillAdmitted,
  type RoutePermit,
} from '../tokens/admit-callers.ts';
import { bearerToken, type Tokens } from '../tokens/bearer.ts';
import type { Caller, Permit } from '../tokens/caller.ts';
import { changedBy } from '../tokens/note-change.ts';
import type { AccountTurns } from './account-turns.ts';
import { changeDetails, fieldsOf, type Mark, shownBy } from './change-view.ts';
import { type Exclusively, isKnown, tagOf, whileMatching } from './entity-tags.ts';
import { type IdempotentRequests, Replayed } from './idempotent-requests.ts';
import { openApiDocument } from './openapi.ts';
import { createDeclaredReader, type QueryParameters } from './query-parameters.ts';
import { withoutTold } from './sent-back.ts';

/** Of an address that anyone may call: it finds out itself who does. */
export type OpenRequest = {
  params: Record<string, string>;
  /** What the endpoint declares of it. */
  query: Record<string, unknown>;
  body: unknown;
  /** Beside the body, at an endpoint that takes uploads. */
  upload: UploadedFile | null;
  headers: IncomingHttpHeaders;
  /** As {@link hostOf} reads it. */
  host: string;
  /** Of the caller. */
  ip: string;
};

export type ApiRequest = OpenRequest & {
  world: World;
  /** Of the caller: of their token, or their session. */
  tokenId: string;
  caller: Caller;
  /** Of an answer that goes on: whether the caller would still get it. */
  mayGoOn(): Promise<boolean>;
};

/** An answer that isn't simply 200. */
export class ApiReply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
  /** As `Set-Cookie` says them. */
  readonly cookies: readonly string[];

  constructor(
    status: number,
    headers: Record<string, string>,
    body: unknown,
    cookies: readonly string[] = [],
  ) {
    this.cookies = cookies;
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

type Described = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /millrace/v1, e.g. `/runs/:id`. */
  path: string;
  /** One line for openapi.json. */
  summary: string;
  /** Whether it changes what holds in both modes: a test token, which lies about more easily, can't. */
  liveOnly?: true;
  /** What it reads of the query besides the paging, for openapi.json, too. */
  query?: QueryParameters;
  /** Whether it may have to read much to answer: then it is read in turns over accounts, few at a time. */
  readsMuch?: true;
  /** What is taken as JSON. */
  body?: z.ZodType;
  response: z.ZodType;
  /** Whether the body, or part of it, is for a function: the account's limit holds. */
  takesPayload?: true;
  /** Whether it also takes a zip: bare, or in a form with the JSON of `body` as its field `settings`. */
  takesUpload?: true;
  /** Whether the answer is one page of a list. */
  isPaged?: true;
  /** Whether it is answered as text as well, where the query asks for it. */
  asText?: true;
  /** Whether it is answered with lines of JSON, each as `response` says. */
  asLines?: true;
  /** Whether what it changes is noted in the audit log by itself, in the transaction that changes it. */
  notesItself?: true;
  /** Whether it is answered with server-sent events. */
  asEvents?: true;
  /** Whether it is answered with a zip as well, where `Accept` asks for it. */
  asZip?: true;
  /** Whether it is read to learn that work has ended: what it reports holds for the next call. */
  reportsWork?: true;
  /** What is sent with status 202 to a caller who prefers not to wait. */
  accepted?: z.ZodType;
  /** Of the usual answer, where it isn't 200. With 204 nothing is sent. */
  status?: 201 | 202 | 204 | 302;
  /**
   * Of what is created (201): whether more is done for it than to write it, so that it can't be committed
   * together with an Idempotency-Key.
   */
  madeApart?: true;
  /** Of what was created (201): the field of the answer by which it is found below `path`; usually `id`. */
  foundBy?: 'id' | 'key' | 'domain' | 'name';
  /** Below which it is found, where that isn't `path`. */
  foundBelow?: string;
};

export type ApiEndpoint = Described & {
  permit: Permit | readonly Permit[] | 'any_token';
  /** What is sent as JSON, unless it is an {@link ApiReply}. */
  answer(request: ApiRequest): Promise<unknown>;
};

export type OpenEndpoint = Described & {
  permit: 'anyone';
  /** Whether it answers those alone who are signed in. */
  needsSession?: true;
  /** As of {@link ApiEndpoint}. */
  answer(request: OpenRequest): Promise<unknown>;
};

export type MillraceApiParts = {
  tokens: Tokens;
  log: Logger;
  endpoints: readonly ApiEndpoint[];
  open: readonly OpenEndpoint[];
  /** Who calls by being signed in. */
  signedIn(request: FastifyRequest): Promise<Caller | null>;
  payloadLimitOf: PayloadLimitOf;
  exclusively: Exclusively;
  once: IdempotentRequests;
  readingTurns: AccountTurns;
  uploads: { gate: Pick<UploadGate, 'during'>; limitBytes: number };
  /** What stands in the audit log for texts of an account. */
  marker(accountId: string): Promise<Mark>;
  /** Without a trailing slash. */
  publicUrl: string;
};

/** @returns a plugin to be registered with `{ prefix: '/millrace/v1' }` */
export function millraceApi(parts: MillraceApiParts): FastifyPluginAsync {
  return async (scope) => {
    answerFailures(scope, parts.log, renderPlainFailure);
    takeJson(scope);
    takeUploads(scope);
    const addresses = watchAddresses(scope);
    const admit = admitCallers(scope, {
      tokens: parts.tokens,
      tokenOf: ({ headers }) => bearerToken(headers.authorization),
      signedIn: parts.signedIn,
      missing: 'a token is needed: "Authorization: Bearer <token>"',
    });
    const readers = new Map(
      parts.endpoints.filter(isTagged).map((endpoint) => [endpoint.path, endpoint] as const),
    );
    for (const endpoint of parts.endpoints) {
      const reader = readers.get(endpoint.path) ?? null;
      const admitted = admit(endpoint.permit, endpoint.liveOnly === true ? 'live' : 'both');
      serve(scope, parts, {
        endpoint,
        admitted,
        answer: (asked, request, reply) => {
          const mayGoOn = () => isStillAdmitted(admitted, request, reply);
          const called = { ...asked, ...calledBy(callerIn(request)), mayGoOn };
          return answerNoted(parts, { endpoint, reader }, called, request);
        },
      });
    }
    for (const endpoint of parts.open)
      serve(scope, parts, { endpoint, admitted: admit('anyone'), answer: endpoint.answer });
    // Made when first asked for: a start does without.
    let description: Promise<Record<string, unknown>> | null = null;
    scope.get('/openapi.json', { exposeHeadRoute: false }, () => {
      description ??= openApiDocument([...parts.endpoints, ...parts.open], parts.publicUrl);
      return description;
    });
    addresses.refuseOtherMethods();
  };
}

/** What is answered with one thing has a tag. */
function isTagged({ method, isPaged }: ApiEndpoint): boolean {
  return method === 'GET' && isPaged !== true;
}

/** Of a change: what is there before and after goes into the audit log, as {@link changeDetails} shows it. */
async function answerNoted(
  parts: MillraceApiParts,
  tagged: Tagged,
  request: ApiRequest,
  raw: FastifyRequest,
): Promise<unknown> {
  const { endpoint, reader } = tagged;
  const isChange = endpoint.method !== 'GET' && changedBy(endpoint.permit) !== null;
  const isNoted = isChange && endpoint.notesItself !== true && endpoint.takesPayload !== true;
  if (!isNoted) return await answerTagged(parts, tagged, request);
  const isPost = endpoint.method === 'POST';
  const read = isPost || reader === null || reader.asZip === true ? null : reader;
  const before = read === null ? null : await shownBy(read, request);
  const answer = await answerTagged(parts, tagged, request);
  if (answer instanceof Replayed) {
    detailChange(raw, 'nothing');
    return answer;
  }
  const made = read === null ? fieldsOf(answer) : await shownBy(read, request);
  const after = endpoint.method === 'DELETE' ? null : made;
  const id =
    endpoint.status === 201 ? made?.[endpoint.foundBy ?? 'id'] : Object.values(request.params).at(-1);
  const target = typeof id === 'string' ? id : null;
  detailChange(raw, changeDetails({ target, before, after }, await parts.marker(request.world.accountId)));
  return answer;
}

type Tagged = { endpoint: ApiEndpoint /** What is at the same address. */; reader: ApiEndpoint | null };

async function answerTagged(
  { exclusively, once, readingTurns }: MillraceApiParts,
  { endpoint, reader }: Tagged,
  request: ApiRequest,
): Promise<unknown> {
  const work = () => endpoint.answer(request);
  const answering = () =>
    endpoint.readsMuch === true ? readingTurns(request.world.accountId, work) : work();
  if (endpoint === reader) {
    const reply = taggedReply(await answering());
    const { etag = '' } = reply.headers;
    return etag !== '' && isKnown(request.headers, etag) ? new ApiReply(304, { etag }, undefined) : reply;
  }
  if (endpoint.method === 'GET') return await answering();
  const { world, params } = request;
  const isPost = endpoint.method === 'POST';
  const answer = await whileMatching(exclusively, {
    ...{ headers: request.headers, accountId: world.accountId },
    name: JSON.stringify([world.accountId, world.mode, endpoint.path, Object.entries(params).sort()]),
    // What a POST does is not the replacing of what is read there.
    read: reader === null || isPost ? null : () => currentTag(reader, request),
    work: () => once(endpoint, request, work),
  });
  return endpoint.response === reader?.response && !isPost ? taggedReply(answer) : answer;
}

/** As it is read by nobody in particular: in JSON, whole. */
async function currentTag(reader: ApiEndpoint, request: ApiRequest): Promise<string> {
  const asked = { ...request, query: {}, body: undefined, upload: null, headers: {} };
  return taggedReply(await reader.answer(asked)).headers.etag ?? '';
}

/** A reply that has a tag already keeps it. */
function taggedReply(answer: unknown): ApiReply {
  if (answer instanceof ApiReply) return answer;
  const json = JSON.stringify(answer ?? null);
  return new ApiReply(200, { 'content-type': 'application/json; charset=utf-8', etag: tagOf(json) }, json);
}

/** Of addresses that take nothing: what they would pass over is refused. */
const NO_BODY = z.strictObject({}, objectRule('must be left out: this address takes none'));

type Served = {
  endpoint: Described & { permit: RoutePermit };
  admitted: AdmittedRoute;
  answer(asked: OpenRequest, request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
};

function serve(scope: FastifyInstance, parts: MillraceApiParts, served: Served): void {
  const { endpoint, admitted } = served;
  const { payloadLimitOf } = parts;
  const readQuery = createDeclaredReader(endpoint);
  scope.route({
    method: endpoint.method,
    url: endpoint.path,
    exposeHeadRoute: false,
    config: {
      permit: endpoint.permit,
      liveOnly: endpoint.liveOnly === true,
      ...(endpoint.takesPayload === true ? { jsonBounds: PAYLOAD_BOUNDS, ...CHANGES_NOTHING } : {}),
      ...(endpoint.reportsWork === true ? REPORTS_WORK : {}),
      ...(endpoint.notesItself === true ? NOTES_ITSELF : {}),
      takesUpload: endpoint.takesUpload === true,
    },
    ...admitted,
    ...(endpoint.takesPayload === true
      ? {
          preParsing: limitBody((request) => payloadLimitOf(callerIn(request).accountId)),
        }
      : {}),
    handler: async (request, reply) => {
      const asked = readRequest(request);
      const answering = async (read: ReadRequest): Promise<unknown> => {
        const body = withoutTold(endpoint, read.params, read.body);
        if (endpoint.body === undefined) readInput(NO_BODY, body ?? {}, 'the request body');
        return await served.answer({ ...read, body, query: readQuery(request.query) }, request, reply);
      };
      const answered = isUpload(request)
        ? await withUpload(parts.uploads, request, (read) => answering({ ...asked, ...read }))
        : await answering(asked);
      const isReplayed = answered instanceof Replayed;
      if (isReplayed) reply.header('idempotent-replayed', 'true');
      const answer = isReplayed ? answered.answer : answered;
      if (endpoint.status !== undefined) reply.code(endpoint.status);
      if (endpoint.status === 201) {
        const location = locationOf(endpoint, asked.params, answer);
        if (location !== null) reply.header('location', `${parts.publicUrl}/millrace/v1${location}`);
      }
      return send(reply, answer);
    },
  });
}

function calledBy(caller: Caller): Pick<ApiRequest, 'world' | 'tokenId' | 'caller'> {
  const { accountId, mode, tokenId } = caller;
  return { world: { accountId, mode }, tokenId, caller };
}

type ReadRequest = Omit<OpenRequest, 'query'>;

/** An upload waits for room before it is read, and holds it until it is answered. */
function withUpload(
  { gate, limitBytes }: MillraceApiParts['uploads'],
  request: FastifyRequest,
  work: (read: Pick<OpenRequest, 'body' | 'upload'>) => Promise<unknown>,
): Promise<unknown> {
  // Of a route that takes none the parser has let only an empty one through.
  if (request.routeOptions.config.takesUpload !== true) return work({ body: undefined, upload: null });
  const { accountId } = callerIn(request);
  const bytes = mostBytesOf(request, limitBytes);
  return gate.during({ accountId, bytes, body: request.raw }, async () => {
    const { settings, file } = await readUpload(request, limitBytes);
    return work({ body: settings, upload: file });
  });
}

function readRequest(request: FastifyRequest): ReadRequest {
  return {
    params: readParams(request.params),
    body: request.body,
    upload: null,
    headers: request.headers,
    host: hostOf(request),
    ip: request.ip,
  };
}

/** Where what was created is looked at; null where it has no address of its own. */
function locationOf(
  { path, foundBy = 'id', foundBelow = path }: Described,
  params: Record<string, string>,
  answer: unknown,
): string | null {
  const id = (answer as Record<string, unknown>)[foundBy];
  const below = foundBelow.replaceAll(/:([a-z]+)/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  return typeof id === 'string' ? `${below}/${encodeURIComponent(id)}` : null;
}

function send(reply: FastifyReply, answer: unknown): unknown {
  if (!(answer instanceof ApiReply)) return answer;
  if (answer.cookies.length > 0) reply.header('set-cookie', answer.cookies);
  return reply.code(answer.status).headers(answer.headers).send(answer.body);
}
