// The door at /func/v1/<id>: a hosted function called over HTTP, by whoever holds a token that may create hosted function
// executions (docs/specs/comecero.md 2.4). Token first, then the body is read, then the run; the function's answer is the answer.
import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { runUrl, runView } from '../../api/run-view.ts';
import { fail } from '../../errors/failure.ts';
import type { AcceptRun } from '../../gateway/accept-run.ts';
import type { InvokeFunction } from '../../gateway/invoke-function.ts';
import { answerFailures } from '../../http/answer-failures.ts';
import { watchAddresses } from '../../http/known-addresses.ts';
import { prefersAsync } from '../../http/prefer.ts';
import type { Interpretation } from '../../runs/execute-run.ts';
import type { Outcome } from '../../sandbox/outcome.ts';
import { bearerToken, callerOf, type Tokens } from '../../tokens/bearer.ts';
import { type Caller, requirePermission } from '../../tokens/caller.ts';
import { renderComeceroFailure } from './comecero-envelope.ts';
import { occasionOf } from './http-occasion.ts';
import { proxyEvent } from './proxy-event.ts';
import { FUNCTION_FAILED, type HttpResponse, proxyResponse } from './proxy-response.ts';

export type InvokeParts = {
  tokens: Tokens;
  invoke: InvokeFunction;
  accept: AcceptRun;
  log: Logger;
  /** Largest request body. */
  bodyLimitBytes: number;
  /** Without a trailing slash. */
  publicUrl: string;
};

type InvokeRequest = FastifyRequest<{ Params: { id: string } }>;
type Answer = HttpResponse & { runId: string };

/** What suffices for every verb, and nothing less is enough: a call creates an execution. */
const PERMIT = { resource: 'hosted_function_executions', method: 'create' } as const;

/** @returns a plugin to be registered with `{ prefix: '/func/v1' }` */
export function comeceroInvoke(parts: InvokeParts): FastifyPluginAsync {
  return async (scope) => {
    answerFailures(scope, parts.log, renderComeceroFailure);
    takeAnyBody(scope);
    const addresses = watchAddresses(scope);
    scope.decorateRequest('caller', null);
    scope.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      url: '/:id',
      exposeHeadRoute: false,
      bodyLimit: parts.bodyLimitBytes,
      // Before the body is read: a stranger doesn't get to upload.
      onRequest: async (request) => {
        const caller = await authenticate(parts.tokens, request);
        requirePermission(caller, PERMIT);
        request.setDecorator('caller', caller);
      },
      handler: async (request, reply) => {
        const caller = request.getDecorator<Caller>('caller');
        const call = request as InvokeRequest;
        send(reply, await (prefersAsync(request.headers.prefer) ? accept : invoke)(parts, caller, call));
      },
    });
    addresses.refuseOtherMethods();
  };
}

/** Whatever its type says, a body is bytes to us. */
function takeAnyBody(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

function authenticate(tokens: Tokens, request: FastifyRequest): Promise<Caller> {
  const token = presentedToken(request);
  if (token === null) {
    fail('unauthorized', {
      message: 'a token is needed, as "Authorization: Bearer <token>" or "?token=<token>"',
    });
  }
  return callerOf(tokens, token);
}

/** The header wins; a header of another scheme is the function's own affair. */
function presentedToken(request: FastifyRequest): string | null {
  const bearer = bearerToken(request.headers.authorization);
  if (bearer !== null) return bearer;
  const { token } = request.query as { token?: unknown };
  return typeof token === 'string' && token !== '' ? token : null;
}

function invoke(parts: InvokeParts, caller: Caller, request: InvokeRequest): Promise<Answer> {
  const { id } = request.params;
  const [path, query = ''] = splitOnce(request.url);
  const acceptedAtMs = Date.now();
  return parts.invoke({
    world: caller,
    functionId: id,
    trigger: 'http',
    cause: { method: request.method, path, ip: request.ip },
    occasion: () => occasionOf(request, acceptedAtMs),
    event: (runId) =>
      proxyEvent({
        admission: 'token',
        functionId: id,
        accountId: caller.accountId,
        mode: caller.mode,
        runId,
        method: request.method,
        path,
        query,
        rawHeaders: request.raw.rawHeaders,
        body: (request.body as Buffer | undefined) ?? null,
        sourceIp: request.ip,
        httpVersion: request.raw.httpVersion,
        acceptedAtMs,
      }),
    interpret,
  });
}

/** Nobody waits for the run: what it is told is on disk before the answer. */
async function accept(parts: InvokeParts, caller: Caller, request: InvokeRequest): Promise<Answer> {
  const [path] = splitOnce(request.url);
  const run = await parts.accept({
    world: { accountId: caller.accountId, mode: caller.mode },
    functionId: request.params.id,
    occasion: occasionOf(request, Date.now()),
    cause: { method: request.method, path, ip: request.ip },
  });
  const headers = {
    'content-type': 'application/json',
    'preference-applied': 'respond-async',
    location: runUrl(parts.publicUrl, run.id),
  };
  return { status: 202, headers, body: JSON.stringify(runView(run)), runId: run.id };
}

/** An error, a time-out, a crash or a result of another shape is 502 for the caller; the run says which. */
function interpret(outcome: Outcome, runId: string): Interpretation<Answer> {
  if (outcome.end !== 'returned') {
    return { response: { ...FUNCTION_FAILED, runId }, responseStatus: FUNCTION_FAILED.status, fault: null };
  }
  const answer = proxyResponse(outcome.result);
  if ('response' in answer) {
    return { response: { ...answer.response, runId }, responseStatus: answer.response.status, fault: null };
  }
  const fault = { type: 'Function.MalformedResponse', message: answer.mistake, stack: '' };
  return { response: { ...FUNCTION_FAILED, runId }, responseStatus: FUNCTION_FAILED.status, fault };
}

/**
 * Past Fastify, which would add a charset to the function's own Content-Type. A text is handed over as text: head and body
 * then leave in one write.
 */
function send(reply: FastifyReply, answer: Answer): void {
  const hasNoBody = answer.status === 204 || answer.status === 304;
  const headers: OutgoingHttpHeaders = { ...answer.headers, 'x-run-id': answer.runId };
  if (!hasNoBody) headers['content-length'] = Buffer.byteLength(answer.body);
  reply.hijack();
  reply.raw.writeHead(answer.status, headers);
  reply.raw.end(hasNoBody ? undefined : answer.body);
}

function splitOnce(url: string): [path: string, query?: string] {
  const at = url.indexOf('?');
  return at === -1 ? [url] : [url.slice(0, at), url.slice(at + 1)];
}
