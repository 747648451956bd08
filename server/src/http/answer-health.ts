// The addresses by which others learn of this server's health without a token: GET /healthz, that it runs,
// and GET /readyz, that it may be sent requests: not any more, once its end has been asked for. They say
// nothing else. Called by roles/ once everything that a request needs is open.
import type { FastifyInstance } from 'fastify';
import { watchAddresses } from './known-addresses.ts';

/** @param stopping aborted when the end has been asked for */
export function answerHealth(server: FastifyInstance, stopping: AbortSignal): void {
  const addresses = watchAddresses(server);
  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    if (!stopping.aborted) return { status: 'ready' };
    return await reply.code(503).send({ status: 'stopping' });
  });
  addresses.refuseOtherMethods();
}
