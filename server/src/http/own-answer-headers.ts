// The headers of whatever the platform answers itself: its APIs, its refusals, its health. Nothing of it is a
// page, belongs into a frame or into a cache, and an answer may hold secrets. What an answer says itself
// wins. Called by open-http-server.ts.
import type { FastifyInstance } from 'fastify';

const OWN_ANSWER_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
};

/** What a function answers goes out past it (http-answer.ts). */
export function setOwnHeaders(server: FastifyInstance): void {
  server.addHook('onSend', (_request, reply, payload, done) => {
    for (const [name, value] of Object.entries(OWN_ANSWER_HEADERS)) {
      if (!reply.hasHeader(name)) reply.header(name, value);
    }
    done(null, payload);
  });
}
