// A node without the role `gateway` answers nobody at its port but who asks for its health.
import type { FastifyInstance } from 'fastify';
import { fail } from '../errors/failure.ts';

const HEALTH = ['/healthz', '/readyz'];

/** Before any door is mounted. */
export function closeDoors(http: FastifyInstance): void {
  http.addHook('onRequest', async (request) => {
    if (HEALTH.includes(request.url.split('?')[0] as string)) return;
    fail('unavailable', { message: 'this node answers no calls: MILLRACE_ROLES leaves out gateway' });
  });
}
