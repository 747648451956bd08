// The address by which a supervisor of the server learns that it is ready: GET /healthz. Needs no token, says
// nothing else. Called by roles/ once everything that a request needs is open.
import type { FastifyInstance } from 'fastify';
import { watchAddresses } from './known-addresses.ts';

export function answerHealth(server: FastifyInstance): void {
  const addresses = watchAddresses(server);
  server.get('/healthz', async () => ({ status: 'ok' }));
  addresses.refuseOtherMethods();
}
