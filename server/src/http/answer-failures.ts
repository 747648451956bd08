// Puts one funnel under a Fastify scope: every failure in it, also malformed bodies and unknown routes, gets
// a reference, a line in the log and the envelope of the scope's dialect. Called once by each dialect's
// plugin.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { fail } from '../errors/failure.ts';
import { awaitsLeave } from './continue-admitted.ts';
import { drainRequest } from './drain-request.ts';
import type { FailureRenderer } from './failure-renderer.ts';
import { loggablePath, reportFailure } from './report-failure.ts';

/**
 * Statuses that a client may come back from, and when: the failure's `retryAfterS` says it, where it is
 * known.
 */
const WORTH_RETRYING = new Set([429, 503]);
const RETRY_AFTER_S = 1;

export function answerFailures(scope: FastifyInstance, log: Logger, render: FailureRenderer): void {
  scope.setErrorHandler(async (error, request, reply) => sendFailure({ log, render, error }, request, reply));
  // Never runs: requireAddress has refused the request before its body was read. It gives the refusal the
  // scope's envelope.
  scope.setNotFoundHandler(async (request) => requireAddress(request));
}

/** @throws Failure `not_found` where nothing is served: a stranger doesn't get to send a body there */
export function requireAddress(request: FastifyRequest): void {
  if (!request.is404) return;
  fail('not_found', { message: `nothing is served at ${request.method} ${pathOf(request.url)}` });
}

/** Reports the error and answers the request with it. */
export async function sendFailure(
  what: { log: Logger; render: FailureRenderer; error: unknown },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { failure, reference } = reportFailure(what.log, what.error, request);
  if ((failure.code === 'payload_too_large' || isCutShort(request, reply)) && !awaitsLeave(request))
    await drainRequest(request.raw);
  const rendered = what.render(failure, reference);
  if (WORTH_RETRYING.has(rendered.status)) {
    reply.header('retry-after', String(failure.facts.retryAfterS ?? RETRY_AFTER_S));
  }
  await reply.code(rendered.status).headers(rendered.headers).send(rendered.body);
}

/**
 * The connection ends with the answer, and a body is still on its way: a proxy in front, as nginx is set up
 * usually, would report a broken one.
 */
function isCutShort({ raw }: FastifyRequest, reply: FastifyReply): boolean {
  const isLast = !reply.raw.shouldKeepAlive || reply.getHeader('connection') === 'close';
  return isLast && !raw.complete;
}

/**
 * The path without its query, cut so that an answer never echoes a long one; the answer's sentence is in the
 * log, too.
 */
function pathOf(url: string): string {
  return loggablePath(url).slice(0, 200);
}
