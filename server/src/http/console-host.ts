// Keeps the console's host apart: sessions are valid on it alone, and nothing is answered on it but
// Millrace's own API. A function's page there would run with the rights of the person who is signed in.
// Called by roles/ before any door is mounted.
import type { FastifyInstance } from 'fastify';
import { fail } from '../errors/failure.ts';
import { hostNameOf } from './host-name.ts';
import { hostOf } from './request-host.ts';

const OPEN = /^(\/millrace\/v1\/|\/(healthz|readyz)$)/;

export function keepConsoleHost(server: FastifyInstance, consoleUrl: string): void {
  const hostName = hostNameOf(new URL(consoleUrl).host);
  server.addHook('onRequest', (request, _reply, done) => {
    // Nearly no request is for it: the rest costs them nothing.
    if (hostOf(request) === hostName && !OPEN.test(request.url.split('?', 1)[0] as string)) {
      fail('not_found', { message: 'only the API of Millrace is served at this host' });
    }
    done();
  });
}
