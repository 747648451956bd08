// Keeps the console's host apart: sessions are valid on it alone, and nothing is answered on it but
// Millrace's own API and the console's own pages. A function's page there would run with the rights of the
// person who is signed in. Called by
// open-http-server.ts, before any door is mounted.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hostNameOf } from './host-name.ts';
import { hostOf } from './request-host.ts';

const OPEN = /^(\/millrace\/v1(\/|$)|\/(healthz|readyz)$)/;

export type ConsoleHost = {
  /** The console's address. */
  url: string;
  /** Answers whatever isn't the API, or throws. */
  answerPage(request: FastifyRequest, reply: FastifyReply): void;
};

export function keepConsoleHost(server: FastifyInstance, { url, answerPage }: ConsoleHost): void {
  const hostName = hostNameOf(new URL(url).host);
  server.addHook('onRequest', (request, reply, done) => {
    // Nearly no request is for it: the rest costs them nothing.
    if (hostOf(request) !== hostName || OPEN.test(request.url.split('?', 1)[0] as string)) done();
    else answerPage(request, reply);
  });
}
