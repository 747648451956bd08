// Answers an authority that looks whether a name leads here (RFC 8555, 8.3), before everything else is: for
// the names that certificates are asked for, and no others. Called by open-http-server.ts.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hostOf } from './request-host.ts';

export type Challenges = {
  /** @param host as `hostNameOf` reads it. In memory: a stranger may ask for any. */
  isOurs(host: string): boolean;
  /** null: there is no answer. */
  answerTo(token: string): Promise<string | null>;
};

const PREFIX = '/.well-known/acme-challenge/';
/** RFC 8555, 8.3: of base64url, with 128 bits at least. */
const TOKEN = /^[A-Za-z0-9_-]{16,128}$/;

export function answerChallenges(server: FastifyInstance, challenges: Challenges): void {
  server.addHook('onRequest', (request, reply, done) => {
    // Nearly no request is one: the rest costs them nothing.
    if (!request.url.startsWith(PREFIX) || !challenges.isOurs(hostOf(request))) done();
    else answer(challenges, request, reply).then((isAnswered) => (isAnswered ? undefined : done()), done);
  });
}

async function answer(
  { answerTo }: Challenges,
  { method, url }: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  const token = url.slice(PREFIX.length);
  const text = method === 'GET' && TOKEN.test(token) ? await answerTo(token) : null;
  if (text === null) return false;
  reply.type('application/octet-stream').send(text);
  return true;
}
