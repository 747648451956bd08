// Answers `Expect: 100-continue` once a request is admitted, and not before: a client that waits for leave to
// send its body hears the refusal in place of it. Node by itself says "continue" before anyone has looked.
// Called once by open-http-server.ts.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const CONTINUED = 'isContinued';

export function continueAdmitted(server: FastifyInstance): void {
  server.decorateRequest(CONTINUED, false);
  // With a listener of ours, Node leaves the word to us.
  server.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) =>
    server.server.emit('request', request, response),
  );
  server.addHook('preParsing', (request, reply, payload, done) => {
    if (request.headers.expect !== undefined) {
      request.setDecorator(CONTINUED, true);
      reply.raw.writeContinue();
    }
    done(null, payload);
  });
}

/** Whether its client sends no body before it is asked to, and never was. */
export function awaitsLeave(request: FastifyRequest): boolean {
  return request.headers.expect !== undefined && !request.getDecorator<boolean>(CONTINUED);
}
