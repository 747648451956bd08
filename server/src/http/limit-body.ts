// Holds the bodies of a route's requests to a limit that depends on who is asked for: refused by its
// Content-Length before a byte is read, or as soon as more has come. Beside the bodyLimit of the route, which
// holds for all. Called by the doors, whose onRequest says who it is.
import type { IncomingMessage } from 'node:http';
import { Transform, type TransformCallback } from 'node:stream';
import type { FastifyRequest, preParsingHookHandler, RequestPayload } from 'fastify';
import { Failure } from '../errors/failure.ts';

/** null: there is none but the route's. */
export type BodyLimit = { limit: string; limitBytes: number } | null;

/**
 * For the `preParsing` of a route.
 * @param limitOf a promise where it has to be asked for
 */
export function limitBody(
  limitOf: (request: FastifyRequest) => BodyLimit | Promise<BodyLimit>,
): preParsingHookHandler {
  return (request, _reply, payload, done) => {
    if (!hasBody(request)) {
      done(null, payload);
      return;
    }
    const found = limitOf(request);
    const go = (limit: BodyLimit): void => {
      const refusal = refusalByLength(request, limit);
      if (refusal !== null) done(refusal);
      else done(null, limit === null || isLengthGiven(request) ? payload : counted(payload, limit));
    };
    if (found instanceof Promise) found.then(go, done);
    else go(found);
  };
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

/** Then no more than that is ever read. */
function isLengthGiven({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] === undefined;
}

function refusalByLength({ headers }: FastifyRequest, limit: BodyLimit): Failure | null {
  return limit !== null && Number(headers['content-length'] ?? 0) > limit.limitBytes ? tooLarge(limit) : null;
}

/** What comes through, up to the limit; then it fails. */
function counted(payload: RequestPayload, limit: NonNullable<BodyLimit>): RequestPayload {
  let receivedBytes = 0;
  const counter: Transform & { receivedEncodedLength?: number } = new Transform({
    transform(chunk: Buffer, _encoding: string, done: TransformCallback) {
      receivedBytes += chunk.length;
      counter.receivedEncodedLength = receivedBytes;
      if (receivedBytes > limit.limitBytes) done(tooLarge(limit));
      else done(null, chunk);
    },
  });
  payload.on('error', (error: Error) => counter.destroy(error));
  return (payload as IncomingMessage).pipe(counter);
}

function tooLarge({ limit, limitBytes }: NonNullable<BodyLimit>): Failure {
  return new Failure('payload_too_large', {
    message: `the request body is over the account's limit: ${limit} is ${limitBytes}`,
    facts: { limit, limitBytes },
  });
}
