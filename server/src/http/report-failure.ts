// Turns whatever was thrown into a Failure, gives it a reference and writes it to the log. The log gets the
// cause, the caller gets the reference. Never logs a query string: it may hold a token. Called by every error
// handler.
import type { Logger } from 'pino';
import { type OutageOutcome, outageOf } from '../errors/database-outage.ts';
import { Failure, type FailureCode } from '../errors/failure.ts';
import { newReference } from '../ids/ids.ts';

/** What Fastify itself refuses, by HTTP status. */
const REFUSALS: Record<number, [FailureCode, string]> = {
  400: ['invalid_input', 'the request is malformed'],
  404: ['not_found', 'nothing is served at this address'],
  405: ['method_not_allowed', 'this address does not take that method'],
  408: ['invalid_input', 'the request took too long to arrive'],
  413: ['payload_too_large', 'the request body is over the size limit'],
  414: ['invalid_input', 'the address of the request is too long'],
  415: ['unsupported_media_type', 'the Content-Type of the request body is not accepted here'],
  431: ['invalid_input', 'the headers of the request are over the size limit'],
  503: ['unavailable', 'the server is stopping'],
};

/** What is said where the database is out of reach. */
const OUTAGES: Record<OutageOutcome, string> = {
  untouched: 'the database is out of reach: try again in a moment',
  unknown:
    'the database was lost while this was being written, and whether it was written is not known: send it again; where it has an id of yours, with the same id, which is never done twice',
};

/**
 * A Failure stays what it is, a refusal of the HTTP server becomes the one that fits, a database out of reach
 * is `unavailable`, the rest is `internal`.
 */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const outcome = outageOf(error);
  if (outcome !== null) {
    const facts: Failure['facts'] = outcome === 'unknown' ? { outcome } : {};
    return new Failure('unavailable', { message: OUTAGES[outcome], facts, cause: error });
  }
  if (isCutShort(error)) {
    return new Failure('invalid_input', {
      message: 'the connection ended before the whole body was here',
      cause: error,
    });
  }
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  const refusal = isFromFastify(code) ? REFUSALS[Number(statusCode)] : undefined;
  if (refusal !== undefined) return new Failure(refusal[0], { message: refusal[1], cause: error });
  return new Failure('internal', { message: 'something went wrong on our side', cause: error });
}

/** Of a body whose sender hung up: Node's error, and the status that Fastify's reader of bodies gives it. */
function isCutShort(error: unknown): boolean {
  const { code, message, statusCode } = (error ?? {}) as Record<string, unknown>;
  return code === 'ECONNRESET' && message === 'aborted' && statusCode === 400;
}

/** Only an error that the HTTP server raised itself is trusted to know its status. */
function isFromFastify(code: unknown): boolean {
  return typeof code === 'string' && code.startsWith('FST_');
}

/** Addresses that open something to anyone who knows them, and tokens that a client puts into a path. */
const CAPABILITY =
  /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|(?<=\/build-logs\/)[^/]+|(?:admin|secret|limited)(?:\.|%2e)(?:live|test)(?:\.|%2e)[^/]*/gi;
const LONGEST_PATH = 500;

/**
 * The path of a request as a log may show it: a reader of logs must not be able to call what is called there.
 */
export function loggablePath(url: string): string {
  const [path = ''] = url.split('?', 1);
  return hideCapabilities(path.slice(0, LONGEST_PATH));
}

function hideCapabilities(text: string): string {
  return text.replace(CAPABILITY, '****');
}

/** What is known of the request when it failed. */
export type FailedRequest = { method: string; url: string };

/**
 * Writes the failure to the log: at `error` with the whole cause where we are at fault; at `info` where the
 * caller is, with no more of the cause than its sentence, because anybody can have any number of such lines
 * written.
 */
export function reportFailure(
  log: Logger,
  error: unknown,
  request: FailedRequest,
): { failure: Failure; reference: string } {
  const failure = asFailure(error);
  const reference = newReference();
  const line = {
    reference,
    code: failure.code,
    method: request.method,
    path: loggablePath(request.url),
  };
  if (failure.kind.fault === 'platform') log.error({ ...line, ...causeOf(failure) }, failure.message);
  else log.info({ ...line, ...briefCauseOf(failure) }, failure.message);
  return { failure, reference };
}

function causeOf({ cause }: Failure): { err?: unknown } {
  return cause === undefined ? {} : { err: cause };
}

const LONGEST_CAUSE = 300;

function briefCauseOf({ cause }: Failure): { cause?: string } {
  if (cause === undefined) return {};
  const told = cause instanceof Error ? cause.message : String(cause);
  return { cause: hideCapabilities(told.slice(0, LONGEST_CAUSE)) };
}
