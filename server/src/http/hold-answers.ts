// Holds back the answer to a change until this node goes by it: what was answered with 2xx holds for the next call. Looks at method and
// status alone; a route whose requests change nothing that is kept in memory says so and isn't held. Called by open-http-server.ts.
import type { FastifyInstance } from 'fastify';

const CHANGING: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

declare module 'fastify' {
  interface FastifyContextConfig {
    changesNothing?: boolean;
  }
}

/** For the `config` of a route that takes work in and changes no setting. */
export const CHANGES_NOTHING = { changesNothing: true } as const;

/** @param settled resolves when what was changed before has been taken in here */
export function holdAnswers(server: FastifyInstance, settled: () => Promise<void>): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    const { changesNothing } = request.routeOptions.config;
    const isChange = CHANGING.has(request.method) && reply.statusCode < 300 && changesNothing !== true;
    if (!isChange) done(null, payload);
    else settled().then(() => done(null, payload), done);
  });
}
